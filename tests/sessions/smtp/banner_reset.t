# The connection is reset where a reply is due.
run   check_mail_smtp -H localhost -p @PORT@
reset
exit  2
out   SMTP CRITICAL - banner: closed: *
