# --unexpected sets another state.
run   check_mail_smtp -H localhost -p @PORT@ -e Postfix --unexpected=critical
S     220 mx.test ESMTP Exim
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - banner: unexpected: *
