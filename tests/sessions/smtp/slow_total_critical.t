# Slower than -c.
run   check_mail_smtp -H localhost -p @PORT@ -w 0.1 -c 0.2
delay 400
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - total: slow: *
