# Without a sender the message is as a bounce is: no reply can come of it.
run   check_mail_smtp -H localhost -p @PORT@ --send --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    .
had   From: *
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
