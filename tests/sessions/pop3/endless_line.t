# A line without an end is cut at its limit, not at the end of memory.
run   check_mail_pop3 -H localhost -p @PORT@ -t 5
S     +OK mx.test ready
C     CAPA
endless x
within 3
exit  2
out   POP3 CRITICAL - capa: protocol: *
