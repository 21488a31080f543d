# It does not answer in time.
dns   mx.test silent
run   check_mail_smtp -H mx.test -p 25 -t 1
within 1.2
exit  2
out   SMTP CRITICAL - dns: timeout: *
