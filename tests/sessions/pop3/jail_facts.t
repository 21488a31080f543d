# Nor where all is well.
run   check_mail_pop3 -H localhost -p @PORT@ -j -vv --require=X-SESAME
S     +OK sesame
C     CAPA
S     +OK capabilities
S     X-SESAME
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
not   *sesame*
not   *SESAME*
