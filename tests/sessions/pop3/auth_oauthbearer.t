# A token by the standard (RFC 7628).
file  token
	ya29.secrettoken
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL OAUTHBEARER XOAUTH2 PLAIN
S     USER
S     .
C64   AUTH OAUTHBEARER n,a=probe@mx.test,\x01*auth=Bearer ya29.secrettoken\x01\x01
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret ya29.secrettoken
