# The recipient is refused, and DATA with it.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     250 2.1.0 ok
S     550 5.1.1 no such user
S     554 5.5.1 no valid recipients
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - rcpt: rejected: "550 5.1.1 no such user"*
