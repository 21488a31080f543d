# A time that is no number.
run   check_mail_smtp -H localhost -p @PORT@ -t soon
exit  3
out   SMTP UNKNOWN - *-t*
