# An address as the name is looked for among the addresses of the certificate.
run   check_mail_smtp -H 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=ip
sni   none
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
