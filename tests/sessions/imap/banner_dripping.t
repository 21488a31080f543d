# A byte now and then recharges no deadline.
run   check_mail_imap -H localhost -p @PORT@ -t 1
drip  100
S     * OK this answer takes a byte each tenth of a second to arrive
silent
within 1.2
exit  2
out   IMAP CRITICAL - banner: timeout: *
