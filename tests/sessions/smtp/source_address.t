# The connection comes from where it is told to.
run   check_mail_smtp -H 127.0.0.1 -p @PORT@ --source-address=127.0.0.2
from  127.0.0.2
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
