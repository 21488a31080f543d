# -r ok, as check_tcp has it.
refuse 127.0.0.1
run   check_mail_imap -H 127.0.0.1 -p @PORT@ -r ok
exit  0
out   IMAP OK - *
