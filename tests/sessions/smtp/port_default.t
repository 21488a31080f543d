# 25 without TLS.
listen 127.0.0.1 25
namespace
run   check_mail_smtp -H 127.0.0.1 --tls=none
skip  tls: with it the port is another
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
