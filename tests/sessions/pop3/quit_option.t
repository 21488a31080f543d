# -q: another goodbye.
run   check_mail_pop3 -H localhost -p @PORT@ -E -q 'QUIT now\r\n'
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT now
S     +OK bye
exit  0
out   POP3 OK - service ready in *
