# What was offered before TLS counts for nothing after it.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     SASL PLAIN
S     .
C     STLS
S     +OK
tls
C     CAPA
S     +OK capabilities
S     TOP
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_unavailable: *
secret hunter2secret
