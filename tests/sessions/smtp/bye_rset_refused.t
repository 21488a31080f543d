# A refused RSET on the way out is no reason to leave without QUIT.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     550 5.1.1 no such user
C     RSET
S     502 5.5.1 what is that
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - rcpt: rejected: "550 5.1.1 no such user"*
