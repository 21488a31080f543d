# A 4yz at this step is a warning: the client of a mail server would come again.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     451 4.3.0 come back later
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - rcpt: tempfail: "451 4.3.0 come back later"*
