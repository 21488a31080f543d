# Plaintext behind the consent must never be read as if it were protected.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S+    +OK begin\r\n+OK injected\r\n
exit  2
out   POP3 CRITICAL - starttls: starttls_injection: *
