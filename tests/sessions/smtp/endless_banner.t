# The same before anything was asked.
run   check_mail_smtp -H localhost -p @PORT@ -t 5
endless 220-x
within 3
exit  2
out   SMTP CRITICAL - banner: protocol: *
