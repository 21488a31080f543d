# PLAIN with all it has said already, and the server asks for more: an empty challenge has no answer left.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S+    334 \r\n
C+    *\r\n
S     501 5.7.0 cancelled
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: protocol: *
secret hunter2secret
