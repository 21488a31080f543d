# The resolver fails.
dns   mx.test servfail
run   check_mail_smtp -H mx.test -p 25
exit  2
out   SMTP CRITICAL - dns: dns_failure: *
