# It does not answer in time.
dns   mx.test silent
run   check_mail_imap -H mx.test -p 143 -t 1
within 1.2
exit  2
out   IMAP CRITICAL - dns: timeout: *
