# The list does not name it.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@CRL@
tls
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
