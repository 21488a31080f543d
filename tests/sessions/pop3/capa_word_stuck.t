# A status that goes on as a word is none.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     +OKAY
exit  2
out   POP3 CRITICAL - capa: protocol: *
