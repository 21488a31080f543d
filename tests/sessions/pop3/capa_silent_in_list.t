# The end of a list that does not come is waited for until the deadline.
run   check_mail_pop3 -H localhost -p @PORT@ -t 1
S     +OK mx.test ready
C     CAPA
S     +OK
S     USER
silent
within 1.2
exit  2
out   POP3 CRITICAL - capa: timeout: *
