# and behind CRAM-MD5.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test <1896.697170952@mx.test> ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN CRAM-MD5
S     USER
S     .
cram-md5 probe hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *AUTH CRAM-MD5*
secret hunter2secret
