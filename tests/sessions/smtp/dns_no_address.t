# It exists and has no address.
dns   bare.test empty
run   check_mail_smtp -H bare.test -p 25
exit  2
out   SMTP CRITICAL - dns: dns_not_found: *
