# The connection ends between the lines of a list: what came so far is no list.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     +OK
S     USER
close
exit  2
out   POP3 CRITICAL - capa: closed: *
