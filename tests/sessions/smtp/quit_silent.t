# The goodbye is waited for at most one second, and is in no measured time.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
silent
within 1.5
exit  0
json  state=OK
json  duration_seconds<0.9
