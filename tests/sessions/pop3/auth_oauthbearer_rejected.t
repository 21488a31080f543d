# The error challenge is answered with a single 0x01.
file  token
	ya29.secrettoken
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token --auth=OAUTHBEARER
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL OAUTHBEARER
S     .
C64   AUTH OAUTHBEARER n,a=probe@mx.test,*
S     + {base64 {"status":"invalid_token"}
C     {base64 \x01}
S     -ERR [AUTH] token expired
exit  2
out   POP3 CRITICAL - auth: auth_rejected: "-ERR [AUTH] token expired"*
secret ya29.secrettoken
