# A challenge that is not base64.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH CRAM-MD5
C     AUTH CRAM-MD5
S     334 %%%not base64%%%
C+    *\r\n
S     501 5.7.0 cancelled
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: protocol: *
