# Whatever its reason.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     -ERR [SYS/TEMP] not now
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
