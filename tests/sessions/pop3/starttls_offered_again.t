# Offered within TLS too, which is odd and harmless.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
