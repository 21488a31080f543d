# The name does not exist.
dns   gone.test nxdomain
run   check_mail_imap -H gone.test -p 143
exit  2
out   IMAP CRITICAL - dns: dns_not_found: *
