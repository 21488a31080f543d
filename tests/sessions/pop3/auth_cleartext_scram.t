# SCRAM shows nothing that could be tried cheaply, and is taken.
file  pass
	hunter2secret
address 192.0.2.1
listen 192.0.2.1 110
skip  tls: there nothing is in clear
run   check_mail_pop3 -H 192.0.2.1 -p 110 --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN SCRAM-SHA-256
S     .
scram-sha-256 user=probe password=hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
