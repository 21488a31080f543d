# The text format.
run   check_mail_smtp -H localhost -p @PORT@ -o openmetrics
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
out+  probe_success*1*
out+  *# EOF*
