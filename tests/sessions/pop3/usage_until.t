# Phases of other protocols are none of this one.
run   check_mail_pop3 -H localhost --until=ehlo
exit  3
out   POP3 UNKNOWN - usage: *
