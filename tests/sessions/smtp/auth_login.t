# LOGIN asks for the name, then for the password.
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
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
secret hunter2secret
