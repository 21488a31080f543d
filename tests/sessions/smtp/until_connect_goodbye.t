# Who knocks stays for the greeting, and says QUIT.
run   check_mail_smtp -H localhost -p @PORT@ --until=connect
skip  tls: the handshake would come after it
delay 50
S     220 mx.test ESMTP
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
