# As check_smtp, -e is looked for in the reply to EHLO too.
run   check_mail_smtp -H localhost -p @PORT@ -e PIPELINING
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
close
exit  0
out   SMTP OK - *
