# The first address refuses, the next one answers.
address 192.0.2.1
address 192.0.2.2
dns   mx.test A 192.0.2.1
dns   mx.test A 192.0.2.2
listen 192.0.2.2 25
run   check_mail_smtp -H mx.test -p 25 -o json
at    192.0.2.2
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  target.address=192.0.2.2
