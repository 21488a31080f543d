# Success before the password was asked for.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=LOGIN
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL LOGIN
S     .
C     AUTH LOGIN
S     +OK come in
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
