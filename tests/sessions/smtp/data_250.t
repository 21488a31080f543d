# DATA answered as if it were done: no body may follow, it would be read as commands.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     250 2.0.0 ok
may   RSET
exit  2
out   SMTP CRITICAL - data: protocol: *
