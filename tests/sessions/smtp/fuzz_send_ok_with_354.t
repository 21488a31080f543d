# What accepts the message before it was said accepts nothing.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test --send
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S+    354 go ahead\r\n250 2.0.0 ok\r\n
eof
exit  2
out   SMTP CRITICAL - send: protocol: *
