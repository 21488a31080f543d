# The server shuts down between the replies of a group.
run   check_mail_smtp -H localhost -p @PORT@ --pipelining --send -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
C     RCPT TO:<sink@mx.test>
C     DATA
S     250 2.1.0 ok
S     421 4.3.2 shutting down
close
may   RSET
exit  1
out   SMTP WARNING - rcpt: tempfail: "421 4.3.2 shutting down"*
