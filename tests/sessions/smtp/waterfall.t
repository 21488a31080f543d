# The phases as bars.
run   check_mail_smtp -H localhost -p @PORT@ -o waterfall
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out+  *banner*
out+  *ehlo*
