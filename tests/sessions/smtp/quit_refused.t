# A server that will not be said goodbye to.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     500 5.5.1 unknown command
exit  0
out   SMTP OK - *
