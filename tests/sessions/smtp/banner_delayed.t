# Some servers let a client wait on purpose; to speak first would be an error of ours.
run   check_mail_smtp -H localhost -p @PORT@ -o json
delay 400
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
lasts 0.4
json  state=OK
json  values.banner>0.3
json  duration_seconds>0.3
