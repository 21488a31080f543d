# A slow goodbye is not a slow service.
run   check_mail_smtp -H localhost -p @PORT@ -c 0.3 -o json
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
delay 500
S     221 bye
exit  0
lasts 0.5
json  state=OK
json  duration_seconds<0.3
