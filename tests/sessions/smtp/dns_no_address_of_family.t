# It has one of the other family.
dns   mx.test A 192.0.2.1
run   check_mail_smtp -H mx.test -p 25 -6
exit  2
out   SMTP CRITICAL - dns: dns_not_found: *
