# The name to greet with.
run   check_mail_smtp -H localhost -p @PORT@ -F probe.mx.test
S     220 mx.test
C     EHLO probe.mx.test
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
