# The connection ends where a reply is due.
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
S     +OK
C     QUIT
close
exit  2
out   POP3 CRITICAL - quit: closed: *
secret hunter2secret
