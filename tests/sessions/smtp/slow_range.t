# The full syntax: alert inside, here for being faster than light.
run   check_mail_smtp -H localhost -p @PORT@ -c banner=@0:5
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - banner: slow: *
