# In the middle of a transaction: it is taken back all the same.
run   check_mail_smtp -H localhost -p @PORT@ --until=rcpt --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
