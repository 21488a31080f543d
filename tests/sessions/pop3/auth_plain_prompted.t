# A server may ask for what it has had. It is given nothing more.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=PLAIN
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN
S     .
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     +
C+    *\r\n
S     -ERR cancelled
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
