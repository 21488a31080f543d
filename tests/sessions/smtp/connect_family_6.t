# -6 to version 6.
address 192.0.2.1
address 2001:db8::1
dns   mx.test AAAA 2001:db8::1
dns   mx.test A 192.0.2.1
listen 192.0.2.1 25
listen 2001:db8::1 25
run   check_mail_smtp -H mx.test -p 25 -6
at    2001:db8::1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
