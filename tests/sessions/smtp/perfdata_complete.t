# And here it ran.
run   check_mail_smtp -H localhost -p @PORT@ -w 1 -c 5 -t 10 -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - * | *time=*;1;5;0;10*time_mail=0*time_rcpt=0*
not   *time_mail=U*
