# A byte now and then recharges no deadline.
run   check_mail_pop3 -H localhost -p @PORT@ -t 1
drip  100
S     +OK this reply takes a byte each tenth of a second
silent
within 1.2
exit  2
out   POP3 CRITICAL - banner: timeout: *
