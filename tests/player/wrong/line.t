# says: wanted from the client: HELO *
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     HELO *
S     250 mx.test
exit  2
