# A challenge that is no base64 is not answered.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL CRAM-MD5
S     .
C     AUTH CRAM-MD5
S     + ?!
C+    *\r\n
S     -ERR cancelled
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
