# Required and not offered: the goodbye is all that follows.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - starttls: starttls_missing: *
