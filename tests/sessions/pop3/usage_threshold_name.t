# Nor are their values.
run   check_mail_pop3 -H localhost -w unseen=1
exit  3
out   POP3 UNKNOWN - usage: *
