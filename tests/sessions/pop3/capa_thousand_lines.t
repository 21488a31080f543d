# A thousand capabilities are a thousand capabilities.
skip  bytes: ten thousand segments show nothing that a hundred do not
run   check_mail_pop3 -H localhost -p @PORT@
S     +OK mx.test ready
C     CAPA
S     +OK
fill  1000 X-MORE\r\n
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
