# An answer of another protocol.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     250 OK
exit  2
out   POP3 CRITICAL - capa: protocol: *
