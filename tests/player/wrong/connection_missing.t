# says: wanted a connection, the check ended without one
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250 mx.test
C     QUIT
S     221 bye
connection
S     220 mx.test
exit  0
