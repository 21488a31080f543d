# Letters are none at all.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     OK mx.test
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
