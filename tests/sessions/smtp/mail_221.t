# QUIT's code is none for MAIL.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - mail: protocol: *
