# Nothing to look for.
run   check_mail_imap -H localhost -p @PORT@ --search=''
exit  3
out   IMAP UNKNOWN - **--search*
