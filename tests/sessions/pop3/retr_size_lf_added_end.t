# And the end of the last line may not be in it: the server added that.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1
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
S     +OK 1 22
C     RETR 1
S     +OK
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
secret hunter2secret
