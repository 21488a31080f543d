# The server refuses the size at MAIL.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 SIZE
C     MAIL FROM:<probe@mx.test> SIZE=*
S     552 5.3.4 too big
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - mail: rejected: "552 5.3.4 too big"*
