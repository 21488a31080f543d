# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     RSET
S+    250-half\r\n250 ha
close
exit  2
out   SMTP CRITICAL - rset: closed: *
