# Of several each has to be there.
run   check_mail_smtp -H localhost -p @PORT@ -e 220 -e Postfix
S     220 mx.test ESMTP Exim
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - banner: unexpected: *Postfix*
