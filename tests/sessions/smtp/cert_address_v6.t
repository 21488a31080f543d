# The same for version 6, in brackets.
run   check_mail_smtp -H [::1] -p @PORT@ --tls=implicit --ca-file=@CA@
at    ::1
tls   cert=ip
sni   none
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
