# A stranger's recipient is refused, as it must be.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --deny-rcpt=victim@elsewhere.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<victim@elsewhere.test>
S     554 5.7.1 relay access denied
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
