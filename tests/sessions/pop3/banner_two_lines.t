# A greeting is one line.
run   check_mail_pop3 -H localhost -p @PORT@
S+    +OK mx.test\r\n+OK welcome\r\n
exit  2
out   POP3 CRITICAL - *protocol: *a reply nobody asked for*
