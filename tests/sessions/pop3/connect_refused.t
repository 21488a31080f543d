# Nobody listens.
refuse 127.0.0.1
run   check_mail_pop3 -H 127.0.0.1 -p @PORT@
exit  2
out   POP3 CRITICAL - connect: connect_refused: *
