# A line above 64 KiB is an error, never cut and believed.
skip  bytes: seventy thousand segments show nothing that seventy do not
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S+    250-mx.test 
fill  66000 x
S+    \r\n250 HELP\r\n
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
