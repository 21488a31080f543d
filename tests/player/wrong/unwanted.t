# says: unwanted line of output: *SMTP OK*
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250 mx.test
C     QUIT
S     221 bye
exit  0
not   *SMTP OK*
