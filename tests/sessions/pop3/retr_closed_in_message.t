# The end of the connection is no end of a message.
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
S     +OK 1 26
C     RETR 1
S     +OK
S     From: a@mx.test
close
exit  2
out   POP3 CRITICAL - retr: closed: *
secret hunter2secret
