# SCRAM-SHA-256: both sides prove that they know the password.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL SCRAM-SHA-256
S     .
scram-sha-256 user=probe password=hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
out+  *AUTH SCRAM-SHA-256*
secret hunter2secret
