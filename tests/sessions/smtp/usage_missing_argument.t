# An option whose argument is missing.
run   check_mail_smtp -H localhost -p @PORT@ --timeout
exit  3
out   SMTP UNKNOWN - *--timeout*
