# The authorities above need no list: the issuer of the server's certificate has one, and names nobody.
middle
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@DIR@/middle.crl
tls   cert=chain
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
