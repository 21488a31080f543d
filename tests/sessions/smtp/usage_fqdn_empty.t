# Nobody is greeted with an empty name.
maybe
run   check_mail_smtp -H localhost -p @PORT@ -F ''
eof
exit  3
out   SMTP UNKNOWN - usage: *--fqdn*
