# An argument where none belongs.
run   check_mail_imap -H localhost -p @PORT@ --append=x
exit  3
out   IMAP UNKNOWN - **--append*
