# A blank before the code.
run   check_mail_smtp -H localhost -p @PORT@
S+    \x20220 mx.test\r\n
exit  2
out   SMTP CRITICAL - banner: protocol: *
