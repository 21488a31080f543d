# A byte now and then recharges no deadline.
run   check_mail_smtp -H localhost -p @PORT@ -t 1
drip  100
S     220 this reply takes a byte each tenth of a second to arrive
silent
within 1.2
exit  2
out   SMTP CRITICAL - banner: timeout: *
