# With -A all must be there.
run   check_mail_pop3 -H localhost -p @PORT@ -e sesame -e ready -A
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  1
out   POP3 WARNING - banner: unexpected: *
