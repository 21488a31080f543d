# Without a host there is nothing to do.
run   check_mail_smtp -p @PORT@
exit  3
out   SMTP UNKNOWN - *-H*
