# The name does not exist.
dns   gone.test nxdomain
run   check_mail_smtp -H gone.test -p 25
exit  2
out   SMTP CRITICAL - dns: dns_not_found: *
