# The connection is reset where a reply is due.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
reset
exit  2
out   SMTP CRITICAL - mail: closed: *
