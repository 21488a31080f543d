# says: wanted exit 1, got 0
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250 mx.test
C     QUIT
S     221 bye
exit  1
