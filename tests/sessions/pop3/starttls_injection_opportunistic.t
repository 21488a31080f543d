# However little TLS was asked for.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S+    +OK begin\r\n+OK injected\r\n
exit  2
out   POP3 CRITICAL - starttls: starttls_injection: *
