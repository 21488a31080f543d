# Also when the odd one is in the middle.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250-mx.test
S     251-SIZE
S     250 HELP
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
