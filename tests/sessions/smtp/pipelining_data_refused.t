# DATA is refused though there is a recipient.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     250 2.1.0 ok
S     250 2.1.5 ok
S     451 4.3.0 disk full
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - data: tempfail: "451 4.3.0 disk full"*
