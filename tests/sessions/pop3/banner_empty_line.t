# An empty line is no greeting.
run   check_mail_pop3 -H localhost -p @PORT@
S
exit  2
out   POP3 CRITICAL - banner: protocol: *
