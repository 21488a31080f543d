# LMTP in groups, and a reply for each recipient before the goodbye.
run   check_mail_smtp -H localhost -p @PORT@ -L --pipelining --send -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test
S     220 mx.test ESMTP
C     LHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<a@mx.test>
C     RCPT TO:<b@mx.test>
C     DATA
S     250 2.1.0 ok
S     250 2.1.5 ok
S     250 2.1.5 ok
S     354 go ahead
C~    .
C     QUIT
S     250 2.1.5 a delivered
S     250 2.1.5 b delivered
S     221 2.0.0 bye
exit  0
