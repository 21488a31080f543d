# The same before anything was asked.
run   check_mail_pop3 -H localhost -p @PORT@ -t 5
endless +OK x
within 3
exit  2
out   POP3 CRITICAL - banner: protocol: *
