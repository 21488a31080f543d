# The trust anchor counts as well.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@DIR@/anchor.pem -D 20,5
anchor 10
tls   cert=anchor
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - tls: cert_expiring: *
