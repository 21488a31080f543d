# The server shuts down at this step: a temporary failure, and nothing more is asked of it.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     421 4.3.2 shutting down
close
exit  1
out   SMTP WARNING - mail: tempfail: "421 4.3.2 shutting down"*
