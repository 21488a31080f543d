# Offered is what we do not speak.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL NTLM GSSAPI
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_unavailable: *NTLM GSSAPI*
secret hunter2secret
