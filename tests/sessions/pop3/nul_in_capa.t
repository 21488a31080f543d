# A NUL byte in a listing.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S+    +OK\r\nUS\0ER\r\n.\r\n
exit  2
out   POP3 CRITICAL - capa: protocol: *
