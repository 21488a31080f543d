# Port 995 means TLS at once.
namespace
listen 127.0.0.1 995
listen ::1 995
run   check_mail_pop3 -H localhost -p 995 --ca-file=@CA@
tls
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
