# A token is no password for USER.
file  token
	ya29.secrettoken
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_unavailable: *
secret ya29.secrettoken
