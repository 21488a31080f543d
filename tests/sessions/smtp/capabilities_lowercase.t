# Keywords have no letter case.
run   check_mail_smtp -H localhost -p @PORT@ --require=PIPELINING,SIZE -o json
S     220 mx.test esmtp
C     EHLO *
S     250-mx.test
S     250-pipelining
S     250-size 1000
S     250 starttls
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
