# After the consent to STLS nothing can be said.
run   check_mail_pop3 -H localhost -p @PORT@ --until=starttls --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     +OK
eof
exit  0
out   POP3 OK - *
