# Bound to the channel.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass
tls
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS
S     USER
S     .
scram-sha-256-plus user=probe password=hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *AUTH SCRAM-SHA-256-PLUS*
secret hunter2secret
