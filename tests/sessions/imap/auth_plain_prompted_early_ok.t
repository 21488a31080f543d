# The same with PLAIN.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 2
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN
S+    + \r\na1 OK welcome\r\n
silent
within 3
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret
