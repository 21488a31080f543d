# Nothing to say.
run   check_mail_pop3 -H localhost -E -s '\r\n'
exit  3
out   POP3 UNKNOWN - usage: *
