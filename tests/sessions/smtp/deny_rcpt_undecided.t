# A 4yz to it decides nothing.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --deny-rcpt=victim@elsewhere.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<victim@elsewhere.test>
S     451 4.3.0 try later
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - rcpt: tempfail: *
