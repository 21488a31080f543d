# A server of RFC 1939 alone knows no CAPA, and is in its right.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     -ERR unknown command
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
