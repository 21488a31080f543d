# A threshold for the second.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --examine=INBOX --examine=Archive -c 'messages[Archive]=5'
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 EXAMINE "Archive"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 7 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a3 OK [READ-ONLY] done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  2
out   IMAP CRITICAL - select_2: threshold: *Archive*
