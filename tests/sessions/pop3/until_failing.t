# What it finds still counts.
run   check_mail_pop3 -H localhost -p @PORT@ --until=capa --forbid=STLS
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
