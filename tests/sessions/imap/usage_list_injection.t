# The same.
run   check_mail_imap -H localhost -p @PORT@ --list=,a@LF@b
exit  3
out   IMAP UNKNOWN - **--list*
