# The binary form.
run   check_mail_smtp -H localhost -p @PORT@ --proxy-protocol=2
proxy2
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
