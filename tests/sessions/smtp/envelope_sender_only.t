# A sender without a recipient: MAIL is tried, and taken back.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
