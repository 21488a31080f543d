# A count that would keep us busy until the deadline and beyond.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL SCRAM-SHA-256
S     .
scram-sha-256 user=probe password=hunter2secret iterations=2000000000
C+    *\r\n
S     -ERR cancelled
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
