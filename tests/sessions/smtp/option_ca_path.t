# CA certificates from a hashed folder.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-path=@CAPATH@
tls
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
