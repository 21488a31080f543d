# LMTP: LHLO, and a reply for each recipient behind the dot.
run   check_mail_smtp -H localhost -p @PORT@ -L --send -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test
S     220 mx.test LMTP
C     LHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<a@mx.test>
S     250 2.1.5 ok
C     RCPT TO:<b@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    .
S     250 2.1.5 a delivered
S     250 2.1.5 b delivered
C     QUIT
S     221 2.0.0 bye
exit  0
