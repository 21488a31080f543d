# The binding of a TLS 1.2 connection.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --auth=SCRAM-SHA-1-PLUS -U probe --password-file=@DIR@/pass
tls   version=1.2
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL SCRAM-SHA-1-PLUS
S     .
scram-sha-1-plus user=probe password=hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *AUTH SCRAM-SHA-1-PLUS*
secret hunter2secret
