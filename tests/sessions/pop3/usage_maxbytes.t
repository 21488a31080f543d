# No number.
run   check_mail_pop3 -H localhost -m many
exit  3
out   POP3 UNKNOWN - usage: *
