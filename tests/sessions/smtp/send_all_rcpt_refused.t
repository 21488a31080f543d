# Without a recipient there is no DATA.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<a@mx.test>
S     550 5.1.1 no such user
C     RCPT TO:<b@mx.test>
S     550 5.1.1 no such user
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - rcpt: rejected: *
