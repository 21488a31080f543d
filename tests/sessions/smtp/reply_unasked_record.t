# Under TLS what nobody asked for may wait in a record of its own.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S++   250 2.1.0 ok\r\n250 2.1.5 ok\r\n
may   RSET
exit  2
out   SMTP CRITICAL - *protocol: *
