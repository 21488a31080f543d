# Lists are read to their end.
run   check_mail_pop3 -H localhost -p @PORT@ -s LIST -s "UIDL 1" -s "TOP 1 0"
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     LIST
S     +OK
S     1 2
S     .
C     UIDL 1
S     +OK 1 a
C     TOP 1 0
S     +OK
S     Subject: x
S
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
