# BYE and then the completion as if nothing were: the server has left.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE *
S+    * BYE restarting\r\n* 3 EXISTS\r\na2 OK done\r\n
may   * LOGOUT
exit  2
out   IMAP CRITICAL - select: closed: "*restarting"*
