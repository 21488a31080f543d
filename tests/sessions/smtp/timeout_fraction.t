# A deadline of half a second.
run   check_mail_smtp -H localhost -p @PORT@ -t 0.5
silent
within 0.7
exit  2
out   SMTP CRITICAL - banner: timeout: *
