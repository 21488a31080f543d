# A greeting cannot ask.
run   check_mail_pop3 -H localhost -p @PORT@
S     + go on
exit  2
out   POP3 CRITICAL - banner: protocol: *
