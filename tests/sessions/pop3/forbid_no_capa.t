# Where there is no list, nothing is advertised.
run   check_mail_pop3 -H localhost -p @PORT@ --forbid=USER
S     +OK mx.test ready
C     CAPA
S     -ERR what
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
