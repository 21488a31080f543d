# A phase that is none.
run   check_mail_smtp -H localhost -p @PORT@ --until=nosuch
exit  3
out   SMTP UNKNOWN - *--until*
