# The one that RETR needs is one, too.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1 --until=list
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
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
secret hunter2secret
