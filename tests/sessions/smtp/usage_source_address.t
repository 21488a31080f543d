# A source address that is none.
run   check_mail_smtp -H localhost -p @PORT@ --source-address=nowhere
exit  3
out   SMTP UNKNOWN - *--source-address*
