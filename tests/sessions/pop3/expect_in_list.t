# All lines of it where the answer has several.
run   check_mail_pop3 -H localhost -p @PORT@ -s CAPA -e sesame
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     CAPA
S     +OK
S     USER
S     X-SESAME open-sesame
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
