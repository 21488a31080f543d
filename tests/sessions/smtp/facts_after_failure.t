# What is known is told although it failed.
run   check_mail_smtp -H localhost -p @PORT@ -o json -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 SIZE 1000
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     550 5.1.1 no such user
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  2
json  phase=rcpt
json  cause=rejected
json  reply=550 5.1.1 no such user
json  facts.banner=*mx.test ESMTP*
json  facts.capabilities[0]=PIPELINING
json  phases[*].name=rset
json  values.rcpt>0
