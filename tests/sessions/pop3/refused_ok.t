# Even OK.
refuse 127.0.0.1
run   check_mail_pop3 -H 127.0.0.1 -p @PORT@ -r ok
exit  0
out   POP3 OK - *
