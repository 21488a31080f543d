# A BYE behind the completion is found by the next command.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 LIST *
S+    * LIST () "/" INBOX\r\na2 OK done\r\n* BYE idle for too long\r\n
close
may   a3 *
exit  2
out   IMAP CRITICAL - *closed: *
