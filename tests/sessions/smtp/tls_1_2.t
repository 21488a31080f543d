# TLS 1.2 is still good.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -o json
tls   version=1.2
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.tls_version=TLSv1.2
json  facts.tls_group=*
