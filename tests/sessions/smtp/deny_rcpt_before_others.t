# Its own transaction, before the one that is to succeed.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --deny-rcpt=victim@elsewhere.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<victim@elsewhere.test>
S     550 5.7.1 relay access denied
C     RSET
S     250 2.0.0 ok
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    .
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
