# Nobody listens.
refuse 127.0.0.1
run   check_mail_smtp -H 127.0.0.1 -p @PORT@
exit  2
out   SMTP CRITICAL - connect: connect_refused: *
