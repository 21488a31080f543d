# Stop politely after the greeting.
run   check_mail_pop3 -H localhost -p @PORT@ --until=banner
S     +OK mx.test ready
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - greeted in *
