# The resolver fails.
dns   mx.test servfail
run   check_mail_imap -H mx.test -p 143
exit  2
out   IMAP CRITICAL - dns: dns_failure: *
