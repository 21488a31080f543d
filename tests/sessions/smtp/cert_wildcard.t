# A whole first label may be a star.
run   check_mail_smtp -H mx.wild.test -I 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=wildcard
sni   mx.wild.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
