# MAIL and RCPT are tried and taken back: nothing is delivered.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 SIZE 1000
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  phase=null
json  cause=null
json  phases[*].name=mail
json  phases[*].name=rcpt
json  phases[*].name=rset
json  facts.capabilities[*]=SIZE 1000
