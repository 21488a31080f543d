# CRAM-MD5: the password answers a challenge and does not travel.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL CRAM-MD5
S     .
cram-md5 probe hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
