# A goodbye that is QUIT is none of one's own.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1 -q quit
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
S     +OK
exit  0
out   POP3 OK - message deleted in *
secret hunter2secret
