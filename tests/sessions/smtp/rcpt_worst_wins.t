# Of a temporary and a permanent refusal the worse is the verdict.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<a@mx.test>
S     450 4.2.0 greylisted
C     RCPT TO:<b@mx.test>
S     550 5.1.1 no such user
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - rcpt_2: rejected: *
