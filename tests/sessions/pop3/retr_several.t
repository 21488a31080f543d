# Several, in the order asked for.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=2 --retr=1
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
C     LIST 2
S     +OK 2 26
C     RETR 2
S     +OK 26 octets
S     From: a@mx.test
S
S     hello
S     .
C     LIST 1
S     +OK 1 26
C     RETR 1
S     +OK 16 octets
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
out+  *time_retr=0*time_retr_2=0*
secret hunter2secret
