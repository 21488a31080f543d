# The same for version 6.
run   check_mail_smtp -H ::1 -p @PORT@ --proxy-protocol=1
at    ::1
proxy1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
