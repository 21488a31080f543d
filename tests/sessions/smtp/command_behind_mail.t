# check_smtp says MAIL before the commands where it is given a sender.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test -C "RCPT TO:<sink@mx.test>" -R "^250"
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
