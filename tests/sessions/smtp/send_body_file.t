# A body of the user's: dots are stuffed, line ends are CRLF.
file  body
	first line
	.hidden
	.
	..two
	last line
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test --body-file=@DIR@/body --header=X-Probe:\ yes
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    first line
had   X-Probe: yes
C     ..hidden
C     ..
C     ...two
C     last line
C     .
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
