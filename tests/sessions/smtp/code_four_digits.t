# Neither are four.
run   check_mail_smtp -H localhost -p @PORT@
S     2200 mx.test
exit  2
out   SMTP CRITICAL - banner: protocol: *
