# A NUL byte in the greeting.
run   check_mail_pop3 -H localhost -p @PORT@
S+    +OK mx\0test\r\n
exit  2
out   POP3 CRITICAL - banner: protocol: *
