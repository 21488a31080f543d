# A greeting may have several lines; the last has a blank behind the code.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S     220-mx.test ESMTP
S     220-No spam please.
S     220
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  facts.banner=*mx.test ESMTP*
