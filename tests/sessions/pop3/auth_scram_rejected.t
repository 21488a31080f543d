# The server finds the proof wrong.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL SCRAM-SHA-256
S     .
scram-sha-256 user=probe password=anotherone reject
S     -ERR [AUTH] no
exit  2
out   POP3 CRITICAL - auth: auth_rejected: "-ERR [AUTH] no"*
secret hunter2secret
