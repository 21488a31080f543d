# A PROXY header before everything, with the real addresses.
run   check_mail_smtp -H localhost -p @PORT@ --proxy-protocol=1
proxy1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
