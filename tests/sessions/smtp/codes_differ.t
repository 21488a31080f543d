# All lines of a reply carry the same code.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     250-mx.test
S     550 no
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
