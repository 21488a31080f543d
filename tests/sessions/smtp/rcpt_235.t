# AUTH's code is none for RCPT.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     235 2.7.0 welcome
may   RSET
exit  2
out   SMTP CRITICAL - rcpt: protocol: *
