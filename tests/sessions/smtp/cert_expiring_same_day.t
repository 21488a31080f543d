# A day has 86,400 seconds: ten days less two minutes are less than ten days.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -D 10
tls   cert=expiring:9.9986
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - tls: cert_expiring: *
