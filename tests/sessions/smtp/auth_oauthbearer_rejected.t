# RFC 7628 section 3.2.3: the error challenge is answered with a single 0x01.
file  token
	ya29.secrettoken
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token --auth=OAUTHBEARER
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH OAUTHBEARER
C64   AUTH OAUTHBEARER n,a=probe@mx.test,*
S     334 {base64 {"status":"invalid_token"}
C     {base64 \x01}
S     535 5.7.8 token expired
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 token expired"*
secret ya29.secrettoken
