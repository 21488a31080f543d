# The host without a letter before it.
run   check_mail_smtp localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
