# Sendmail without extensions: one line, and what looks like one is the greeting.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 HELP
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
