# Status lines need no text.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1
S     +OK
C     CAPA
S     +OK
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK
C     LIST 1
S     +OK 1 26
C     RETR 1
S     +OK
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK
exit  0
out   POP3 OK - message retrieved in *
secret hunter2secret
