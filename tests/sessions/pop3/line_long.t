# A line below the limit is a line.
skip  bytes: sixty thousand segments show nothing that a hundred do not
run   check_mail_pop3 -H localhost -p @PORT@
S+    +OK 
fill  60000 x
S+    \r\n
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
