# Two digits are no code.
run   check_mail_smtp -H localhost -p @PORT@
S     22
exit  2
out   SMTP CRITICAL - banner: protocol: *
