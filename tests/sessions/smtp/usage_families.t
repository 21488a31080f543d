# An address of one family and the other asked for.
run   check_mail_smtp -H localhost -I 127.0.0.1 -6 -p @PORT@
exit  3
out   SMTP UNKNOWN - *-6*
