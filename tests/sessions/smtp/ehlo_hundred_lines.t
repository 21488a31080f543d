# A long reply is no flood.
run   check_mail_smtp -H localhost -p @PORT@ --require=LAST
S     220 mx.test
C     EHLO *
S     250-mx.test
fill  98 250-X-FILLER some words behind it\r\n
S     250 LAST
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
