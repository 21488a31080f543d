# A certificate of our own.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@
tls   request-cert
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
