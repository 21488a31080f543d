# UIDL tells how many, and nothing of sizes.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl --retr=last
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
C     UIDL
S     +OK
S     1 whqtswO00WBw418f9t5JxYwZ
S     2 QhdPYR:00WBw1Ph7x7
S     .
C     LIST 2
S     +OK 2 26
C     RETR 2
S     +OK 26 octets
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
secret hunter2secret
