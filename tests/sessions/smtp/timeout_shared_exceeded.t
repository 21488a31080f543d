# And together they are too long.
run   check_mail_smtp -H localhost -p @PORT@ -t 1 -f probe@mx.test --rcpt=sink@mx.test
delay 400
S     220 mx.test
C     EHLO *
delay 400
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
silent
within 1.2
exit  2
out   SMTP CRITICAL - mail: timeout: *
