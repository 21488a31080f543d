# UNSEEN was asked for and is not told: a threshold on it would keep quiet.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --status=INBOX -c unseen=5
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 1385659421] ok
S     a2 OK [READ-ONLY] done
C     a3 STATUS "INBOX" (MESSAGES RECENT UNSEEN UIDNEXT UIDVALIDITY)
S     * STATUS "INBOX" ()
S     a3 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - status: protocol: *
