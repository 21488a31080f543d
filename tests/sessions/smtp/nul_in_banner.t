# A NUL byte is no text.
run   check_mail_smtp -H localhost -p @PORT@
S+    220 mx.test\0 ESMTP\r\n
may   QUIT
exit  2
out   SMTP CRITICAL - banner: protocol: *
