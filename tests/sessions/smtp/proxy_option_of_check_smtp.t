# -r is what check_smtp calls it.
run   check_mail_smtp -H localhost -p @PORT@ -r
proxy1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
