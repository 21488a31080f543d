# For configurations that say so, a certificate that has ended is good enough.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --ignore-certificate-expiration
tls   cert=expired
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
