# No time at all.
run   check_mail_smtp -H localhost -p @PORT@ -t 0
exit  3
out   SMTP UNKNOWN - *-t*
