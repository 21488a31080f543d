# The password is wrong.
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
S     535 5.7.8 no
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 no"*
secret hunter2secret
