# A line just below 64 KiB is tolerated.
skip  bytes: sixty thousand segments show nothing that sixty do not
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S+    250-mx.test 
fill  65000 x
S+    \r\n250 HELP\r\n
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
