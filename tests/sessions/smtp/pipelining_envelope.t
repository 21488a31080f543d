# Without a message MAIL, RCPT and RSET are one group, and each reply has its phase.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<a@mx.test>
C     RCPT TO:<b@mx.test>
C     RSET
S     250 2.1.0 ok
S     250 2.1.5 ok
S     550 5.1.1 no such user
S     250 2.0.0 reset
C     QUIT
S     221 2.0.0 bye
close
exit  2
out   SMTP CRITICAL - rcpt_2: rejected: "550 5.1.1 no such user" after *time_rset=0*
