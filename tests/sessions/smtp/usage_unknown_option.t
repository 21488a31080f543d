# An option that is none.
run   check_mail_smtp -H localhost -p @PORT@ --nosuch
exit  3
out   SMTP UNKNOWN - *--nosuch*
