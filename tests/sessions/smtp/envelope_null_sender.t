# Without a sender the reverse path is the null one: a bounce to us can never loop.
run   check_mail_smtp -H localhost -p @PORT@ --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
