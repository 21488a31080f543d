# The signature is left out.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL SCRAM-SHA-256
S     .
scram-sha-256 user=probe password=hunter2secret no-signature
C+    *\r\n
S     -ERR cancelled
exit  2
out   POP3 CRITICAL - auth: auth_server: *
secret hunter2secret
