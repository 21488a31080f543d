# A line above 64 KiB is an error, never cut and believed.
skip  bytes: seventy thousand segments show nothing that a hundred do not
run   check_mail_pop3 -H localhost -p @PORT@
S+    +OK 
fill  66000 x
S+    \r\n
exit  2
out   POP3 CRITICAL - banner: protocol: *
