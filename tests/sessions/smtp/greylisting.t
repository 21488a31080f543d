# The server wants us back later: that is how it treats strangers, a warning.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     450 4.2.0 greylisted, come back in five minutes
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - rcpt: tempfail: "450 4.2.0 greylisted, come back in five minutes"*
