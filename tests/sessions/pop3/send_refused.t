# A refusal is an answer.
run   check_mail_pop3 -H localhost -p @PORT@ -s NOOP
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S     -ERR unknown
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
