# A NUL byte in the midst of a reply.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S+    250-mx.test\r\n250-SI\0ZE\r\n250 HELP\r\n
may   QUIT
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
