# Port 110.
namespace
listen 127.0.0.1 110
skip  tls: that is another port
run   check_mail_pop3 -H 127.0.0.1
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
