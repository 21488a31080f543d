# A server from before 1995: HELO is the way out of a 500.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test SMTP
C     EHLO *
S     500 5.5.1 command unrecognized
C     HELO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
