# A threshold for what is no value.
run   check_mail_imap -H localhost -p @PORT@ -w queue=1
exit  3
out   IMAP UNKNOWN - **queue*
