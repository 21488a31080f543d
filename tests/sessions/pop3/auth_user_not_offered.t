# With a list that does not have it, it is not.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     UIDL
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_unavailable: a login is not offered*
secret hunter2secret
