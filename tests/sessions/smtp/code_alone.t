# A reply line may be three digits and end there.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220
C     EHLO *
S     250
C     MAIL FROM:<probe@mx.test>
S     250
C     RCPT TO:<sink@mx.test>
S     250
C     RSET
S     250
C     QUIT
S     221
exit  0
out   SMTP OK - *
