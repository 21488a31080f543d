# With credentials it is required where nothing else was said.
file  pass
	hunter2secret
skip  tls: there STLS is not due
run   check_mail_pop3 -H localhost -p @PORT@ -U probe --password-file=@DIR@/pass
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
out   POP3 CRITICAL - starttls: starttls_missing: *
secret hunter2secret
