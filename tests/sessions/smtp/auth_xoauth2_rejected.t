# The error comes as a challenge that wants an answer before the refusal.
file  token
	ya29.secrettoken
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token --auth=XOAUTH2
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH XOAUTH2
C     AUTH XOAUTH2 {base64 user=probe@mx.test\x01auth=Bearer ya29.secrettoken\x01\x01}
S     334 {base64 {"status":"401","schemes":"bearer"}
C     *
S     535 5.7.8 token expired
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 token expired"*
secret ya29.secrettoken
