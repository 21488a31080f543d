# A server that does not know the password cannot make this signature.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=hunter2secret wrong-signature
C+    *\r\n
S     501 5.7.0 cancelled
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_server: *
secret hunter2secret
