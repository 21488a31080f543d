# Behind the code stands a blank, a hyphen or the end.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250_mx.test
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
