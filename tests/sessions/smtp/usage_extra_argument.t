# Words that belong to no option.
run   check_mail_smtp -H localhost -p @PORT@ surplus
exit  3
out   SMTP UNKNOWN - *surplus*
