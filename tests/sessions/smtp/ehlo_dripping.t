# A byte now and then recharges no deadline.
run   check_mail_smtp -H localhost -p @PORT@ -t 1
S     220 mx.test ESMTP
C     EHLO *
drip  100
S     250 this reply takes a byte each tenth of a second to arrive
silent
within 1.2
exit  2
out   SMTP CRITICAL - ehlo: timeout: *
