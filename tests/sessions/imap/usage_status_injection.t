# The same.
run   check_mail_imap -H localhost -p @PORT@ --status=a@LF@b
exit  3
out   IMAP UNKNOWN - **--status*
