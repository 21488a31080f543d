# All is said already, and the server asks for more.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S+    + \r\n
C+    *\r\n
S     a1 BAD cancelled
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret
