# All replies of a group in one write.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S+    250 2.1.0 ok\r\n250-2.1.5 so\r\n250 2.1.5 ok\r\n354 go ahead\r\n
C~    .
C     QUIT
S+    250 2.0.0 queued\r\n221 2.0.0 bye\r\n
exit  0
