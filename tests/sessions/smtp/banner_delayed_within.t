# The lines of a greeting come one after the other, each late.
run   check_mail_smtp -H localhost -p @PORT@
S     220-mx.test ESMTP
delay 300
S     220-wait for it
delay 300
S     220 now
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
lasts 0.6
out   SMTP OK - *
