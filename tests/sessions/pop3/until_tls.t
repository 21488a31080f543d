# After TLS.
run   check_mail_pop3 -H localhost -p @PORT@ --until=tls --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     +OK
tls
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
