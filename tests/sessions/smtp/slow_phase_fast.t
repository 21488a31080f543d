# And is within it; the others do not count.
run   check_mail_smtp -H localhost -p @PORT@ -w ehlo=0.35 -c ehlo=0.39
delay 400
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
