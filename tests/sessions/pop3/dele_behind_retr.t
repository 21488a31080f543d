# Read, then deleted.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1 --dele=1
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
C     LIST 1
S     +OK 1 26
C     RETR 1
S     +OK
S     From: a@mx.test
S
S     hello
S     .
C     DELE 1
S     +OK deleted
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message deleted in *
secret hunter2secret
