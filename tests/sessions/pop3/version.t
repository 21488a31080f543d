# Its version.
run   check_mail_pop3 -V
exit  3
out   check_mail_pop3 *
