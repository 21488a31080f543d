# On port 465 TLS is the first thing there is.
listen 127.0.0.1 465
namespace
run   check_mail_smtp -H localhost -p 465 --ca-file=@CA@
tls
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
