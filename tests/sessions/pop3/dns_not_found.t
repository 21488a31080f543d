# The name does not exist.
dns   gone.test nxdomain
run   check_mail_pop3 -H gone.test -p 110
exit  2
out   POP3 CRITICAL - dns: dns_not_found: *
