# The whole is slower than -w.
run   check_mail_smtp -H localhost -p @PORT@ -w 0.2 -c 5
delay 400
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - total: slow: *
