# A list that is cut.
run   check_mail_pop3 -H localhost -p @PORT@ -s LIST
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
close
exit  2
out   POP3 CRITICAL - command: closed: *
