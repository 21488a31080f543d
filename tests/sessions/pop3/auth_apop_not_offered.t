# Asked for and not offered.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=apop
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_unavailable: *
secret hunter2secret
