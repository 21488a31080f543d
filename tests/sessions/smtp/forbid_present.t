# It is.
run   check_mail_smtp -H localhost -p @PORT@ --forbid=VRFY
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 VRFY
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: capability_forbidden: *VRFY*
