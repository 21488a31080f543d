# An exchange may not be answered with another success code: 250 is not 235.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     354 go ahead
exit  2
out   SMTP CRITICAL - auth: protocol: *
