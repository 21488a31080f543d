# Half a line of it neither.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S+    +OK begin\r\n+O
exit  2
out   POP3 CRITICAL - starttls: starttls_injection: *
