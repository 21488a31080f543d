# A first digit that means nothing.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     650 mx.test
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
