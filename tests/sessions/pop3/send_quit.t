# QUIT said by -s is the end: no second one goes into the closed connection.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -s QUIT
S     +OK ready
C     CAPA
S     -ERR
C     QUIT
S     +OK bye
eof
exit  0
out   POP3 OK - *
