# An empty maildrop is a sound one.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     STAT
S     +OK 0 0
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 0 messages in *
out+  *messages=0*size_bytes=0B*
secret hunter2secret
