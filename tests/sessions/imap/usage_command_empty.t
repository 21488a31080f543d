# An empty line is no command.
run   check_mail_imap -H localhost -p @PORT@ -s ''
exit  3
out   IMAP UNKNOWN - **-s*
