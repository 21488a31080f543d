# LOGIN that asks and asks.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=LOGIN
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH LOGIN
C     AUTH LOGIN
S     334 {base64 Username:}
C     {base64 probe}
S     334 {base64 Password:}
C     {base64 hunter2secret}
S     334 {base64 Password:}
C+    *\r\n
S     334 {base64 Password:}
may   QUIT
exit  2
out   SMTP CRITICAL - auth: protocol: *
secret hunter2secret
