# Who knocks stays for the greeting, and says QUIT.
skip  tls: the handshake would come after it
run   check_mail_pop3 -H localhost -p @PORT@ --until=connect
delay 50
S     +OK mx.test ready
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
