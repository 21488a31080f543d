# The line is whole and the reply is not.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   no-notify
S     220 mx.test
C     EHLO *
S     250-mx.test
close
exit  2
out   SMTP CRITICAL - ehlo: closed: *
