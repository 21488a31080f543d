# The limit of a reply is 1,000 lines, and this many are still a reply.
run   check_mail_smtp -H localhost -p @PORT@ --require=LAST
S     220 mx.test
C     EHLO *
fill  999 250-X\r\n
S     250 LAST
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
