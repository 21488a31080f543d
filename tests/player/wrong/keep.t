# says: wanted from the client: NOOP localhost
run   check_mail_smtp -H localhost -p @PORT@ -F localhost
S     220 mx.test
keep  NAME EHLO *
S     250 mx.test
C     NOOP @NAME@
exit  0
