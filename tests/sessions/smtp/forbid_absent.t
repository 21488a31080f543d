# A forbidden one is not advertised.
run   check_mail_smtp -H localhost -p @PORT@ --forbid=VRFY
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
exit  0
