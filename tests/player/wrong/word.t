# says: wanted MODES: REASON
run   check_mail_smtp -H localhost -p @PORT@
skip  bytes
S     220 mx.test
C     EHLO *
S     250 mx.test
exit  0
