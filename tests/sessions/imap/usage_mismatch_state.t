# The same.
run   check_mail_imap -H localhost -p @PORT@ -M soso
exit  3
out   IMAP UNKNOWN - **-M*
