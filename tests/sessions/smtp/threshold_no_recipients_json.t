# As a value it is there, and zero.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test -c recipients=2: -o json
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     450 4.2.1 later
may   RSET
exit  2
json  cause=threshold
json  values.recipients=0
