# Behind a 354 there is no word that takes it back: to hang up is the only way that delivers nothing.
run   check_mail_smtp -H localhost -p @PORT@ --until=data --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
eof
exit  0
