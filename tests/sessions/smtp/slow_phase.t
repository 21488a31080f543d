# One phase has a threshold of its own.
run   check_mail_smtp -H localhost -p @PORT@ -w banner=0.2 -w ehlo=5
delay 400
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - banner: slow: *
