# A list of capabilities is over its limit at the 1,001st line.
run   check_mail_pop3 -H localhost -p @PORT@ -t 5
S     +OK mx.test ready
C     CAPA
S     +OK
endless X-AGAIN\r\n
within 3
exit  2
out   POP3 CRITICAL - capa: protocol: *
