# A line end in search keys.
run   check_mail_imap -H localhost -p @PORT@ --search=ALL@CR@@LF@x
exit  3
out   IMAP UNKNOWN - **--search*
