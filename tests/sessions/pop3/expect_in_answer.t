# What -s was answered is looked at as well.
run   check_mail_pop3 -H localhost -p @PORT@ -s NOOP -e sesame
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     NOOP
S     +OK open sesame
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
