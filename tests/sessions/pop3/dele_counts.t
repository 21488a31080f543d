# From then on the server counts without it.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --dele=1 --stat --list --uidl
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
S     +OK 2 320
C     DELE 1
S     +OK deleted
C     STAT
S     +OK 1 200
C     LIST
S     +OK
S     2 200
S     .
C     UIDL
S     +OK
S     2 b
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
secret hunter2secret
