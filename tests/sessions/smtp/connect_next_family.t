# Version 6 is in the DNS and not in the network.
address 192.0.2.1
dns   mx.test AAAA 2001:db8::99
dns   mx.test A 192.0.2.1
listen 192.0.2.1 25
run   check_mail_smtp -H mx.test -p 25
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
