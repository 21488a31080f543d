# Nor in base64.
file  pass
	hunter2secret
address 192.0.2.1
listen 192.0.2.1 110
skip  tls: there nothing is in clear
run   check_mail_pop3 -H 192.0.2.1 -p 110 --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN LOGIN
S     .
C     QUIT
S     +OK bye
exit  3
out   POP3 UNKNOWN - auth: auth_cleartext: *
secret hunter2secret
