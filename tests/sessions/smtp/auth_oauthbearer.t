# The same by the standard (RFC 7628).
file  token
	ya29.secrettoken
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH OAUTHBEARER XOAUTH2 PLAIN
C64   AUTH OAUTHBEARER n,a=probe@mx.test,\x01*auth=Bearer ya29.secrettoken\x01\x01
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *OAUTHBEARER*
secret ya29.secrettoken
