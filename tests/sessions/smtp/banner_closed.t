# The connection ends where a reply is due.
run   check_mail_smtp -H localhost -p @PORT@
close
exit  2
out   SMTP CRITICAL - banner: closed: *
