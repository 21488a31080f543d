# says: the client sent more than the script has
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test
S     220 mx.test
C     EHLO *
S     250 mx.test
exit  2
