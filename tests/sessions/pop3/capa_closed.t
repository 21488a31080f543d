# The connection ends where a reply is due.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
close
exit  2
out   POP3 CRITICAL - capa: closed: *
