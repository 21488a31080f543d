# After a line of one's own.
run   check_mail_pop3 -H localhost -p @PORT@ -s NOOP -s NOOP --until=command
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S     +OK
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
