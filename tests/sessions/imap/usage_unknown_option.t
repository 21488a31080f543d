# An option that is none.
run   check_mail_imap -H localhost -p @PORT@ --nosuch
exit  3
out   IMAP UNKNOWN - **--nosuch*
