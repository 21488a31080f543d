# A line longer than RFC 5321 allows does not travel as it is.
file  body raw x60
	this is one part of a line that does not end and does not end\x20
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test --body-file=@DIR@/body
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    .
had   Content-Transfer-Encoding: *
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
