# The envelope in one group, the end of the message and QUIT in another.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=a@mx.test --rcpt=b@mx.test -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<a@mx.test>
C     RCPT TO:<b@mx.test>
C     DATA
S     250 2.1.0 ok
S     250 2.1.5 ok
S     250 2.1.5 ok
S     354 go ahead
C~    .
C     QUIT
S     250 2.0.0 queued as 12345
S     221 2.0.0 bye
exit  0
json  state=OK
json  phases[*].name=mail
json  phases[*].name=rcpt
json  phases[*].name=rcpt_2
json  phases[*].name=data
json  phases[*].name=send
