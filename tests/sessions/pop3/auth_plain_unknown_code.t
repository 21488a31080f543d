# The code tells wrong credentials from a server that cannot tell.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN
S     .
C     AUTH PLAIN *
S     -ERR [X-ODD] no
exit  2
out   POP3 CRITICAL - auth: auth_rejected: "-ERR [X-ODD] no"*
secret hunter2secret
