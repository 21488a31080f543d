# The server resets the connection on QUIT.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
reset
exit  0
out   SMTP OK - *
