# In the order of --auth, the first that is offered.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256,LOGIN,user,PLAIN
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     SASL PLAIN
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
out+  *AUTH user*
secret hunter2secret
