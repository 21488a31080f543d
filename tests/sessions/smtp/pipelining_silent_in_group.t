# It stops answering between them.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     250 2.1.0 ok
S     250 2.1.5 ok
silent
within 1.2
exit  2
out   SMTP CRITICAL - data: timeout: *
