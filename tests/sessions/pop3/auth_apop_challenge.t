# APOP asks nothing more.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test <1896.697170952@mx.test> ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
apop  probe hunter2secret
S     + go on
close
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
