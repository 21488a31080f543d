# What check_smtp has and needs no doing here is accepted.
run   check_mail_smtp -H localhost -p @PORT@ --sni -q --output-format=multi-line
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
