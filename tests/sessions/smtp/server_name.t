# --server-name is what is asked for and what is verified.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --server-name=a.wild.test
tls   cert=wildcard
sni   a.wild.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
