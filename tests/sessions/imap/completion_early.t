# The next completion, before its command: nothing of it may be believed.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --status=Archive
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S+    a2 OK done\r\n* STATUS Archive (MESSAGES 3 RECENT 0 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 1)\r\na3 OK done\r\n
may   a3 STATUS *
exit  2
out   IMAP CRITICAL - *protocol: *
