# Offered and welcome.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
tls
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.tls_version=TLSv1.3
