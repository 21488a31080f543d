# Not within either.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -D 9,5
tls   cert=expiring:10
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
