# This goodbye has the whole deadline.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1
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
C     DELE 1
S     +OK deleted
C     QUIT
delay 1500
S     +OK bye
exit  0
out   POP3 OK - message deleted in *
lasts 1.5
secret hunter2secret
