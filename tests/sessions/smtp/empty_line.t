# An empty line is no reply.
run   check_mail_smtp -H localhost -p @PORT@
S
exit  2
out   SMTP CRITICAL - banner: protocol: *
