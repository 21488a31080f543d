# There is none.
dns   none
run   check_mail_smtp -H mx.test -p 25 -t 5
within 4
exit  2
out   SMTP CRITICAL - dns: dns_failure: *
