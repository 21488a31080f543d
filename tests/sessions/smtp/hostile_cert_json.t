# The same in JSON.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --insecure -o json -v
tls   cert=hostile
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
