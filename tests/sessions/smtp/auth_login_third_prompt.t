# A third question has no answer.
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
S     334 {base64 Your mother's name:}
C+    *\r\n
S     501 5.7.0 cancelled
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: protocol: *
