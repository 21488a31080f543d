# What has no colon is no header field.
maybe
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=sink@mx.test --send --header 'no colon'
eof
exit  3
out   SMTP UNKNOWN - usage: *--header*
