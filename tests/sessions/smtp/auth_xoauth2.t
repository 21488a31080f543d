# A token in place of a password.
file  token
	ya29.secrettoken
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token --auth=XOAUTH2
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH XOAUTH2
C     AUTH XOAUTH2 {base64 user=probe@mx.test\x01auth=Bearer ya29.secrettoken\x01\x01}
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *XOAUTH2*
secret ya29.secrettoken
