# -r: the state of a refused connection.
refuse 127.0.0.1
run   check_mail_pop3 -H 127.0.0.1 -p @PORT@ -r warn
exit  1
out   POP3 WARNING - connect: connect_refused: *
