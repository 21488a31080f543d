# The server hangs up on QUIT without a word: no verdict changes.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
close
exit  0
out   SMTP OK - *
