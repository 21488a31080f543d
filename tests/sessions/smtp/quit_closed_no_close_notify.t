# The same, and not even a reply to QUIT.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   no-notify
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
close
exit  0
out   SMTP OK - *
