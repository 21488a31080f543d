# The intermediate certificate ends first.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -D 20,5
tls   cert=chain-expiring:10
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - tls: cert_expiring: *
