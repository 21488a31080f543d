# The sender is refused, and so is all that was sent behind it: the first refusal is the verdict.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     550 5.7.1 not from you
S     503 5.5.1 no sender
S     503 5.5.1 no recipients
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - mail: rejected: "550 5.7.1 not from you"*
