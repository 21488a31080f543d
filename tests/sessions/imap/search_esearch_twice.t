# Two answers to one search.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=UNSEEN
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 1385659421] ok
S     a2 OK [READ-ONLY] done
C     a3 UID SEARCH RETURN (COUNT) UNSEEN
S     * ESEARCH (TAG "a3") UID COUNT 2
S     * ESEARCH (TAG "a3") UID COUNT 3
S     a3 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - search: protocol: *
