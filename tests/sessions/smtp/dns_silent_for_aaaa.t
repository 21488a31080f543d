# One of the two questions is answered, the other never: what is known is enough to try.
address 192.0.2.1
dns   mx.test A 192.0.2.1
dns   mx.test silent AAAA
listen 192.0.2.1 25
run   check_mail_smtp -H mx.test -p 25 -t 5
at    192.0.2.1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
