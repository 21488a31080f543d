# -r crit.
refuse 127.0.0.1
run   check_mail_imap -H 127.0.0.1 -p @PORT@ -r crit
exit  2
out   IMAP CRITICAL - connect: connect_refused: *
