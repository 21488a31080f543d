# A line end in a name: two commands.
run   check_mail_imap -H localhost -p @PORT@ --examine=a@CR@@LF@b
exit  3
out   IMAP UNKNOWN - **--examine*
