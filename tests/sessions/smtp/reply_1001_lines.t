# One line more than a reply may have, and it would be complete.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
fill  1000 250-X\r\n
S     250 LAST
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
