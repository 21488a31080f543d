# The server stops reading in the middle of the body; our writing has the same deadline.
file  body x400000
	a line of the body that nobody will read, again and again
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test --body-file=@DIR@/body -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
deaf
within 1.2
exit  2
out   SMTP CRITICAL - send: timeout: *
