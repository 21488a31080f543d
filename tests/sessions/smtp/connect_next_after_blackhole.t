# Each address has an equal share of what is left: a dead one does not use it all up.
address 192.0.2.1
blackhole 203.0.113.1
dns   mx.test A 203.0.113.1
dns   mx.test A 192.0.2.1
listen 192.0.2.1 25
run   check_mail_smtp -H mx.test -p 25 -t 2
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
within 2.2
exit  0
