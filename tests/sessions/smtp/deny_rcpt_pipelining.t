# The test for a relay is no place for haste.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --deny-rcpt=victim@elsewhere.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<victim@elsewhere.test>
S     554 5.7.1 relay access denied
C     RSET
S     250 2.0.0 ok
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     250 2.1.0 ok
S     250 2.1.5 ok
S     354 go ahead
C~    .
C     QUIT
S     250 2.0.0 ok
S     221 2.0.0 bye
exit  0
