# After UIDL.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl --stat --until=uidl
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
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
