# -r warn.
refuse 127.0.0.1
run   check_mail_imap -H 127.0.0.1 -p @PORT@ -r warn
exit  1
out   IMAP WARNING - connect: connect_refused: *
