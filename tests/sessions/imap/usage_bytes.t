# A number of bytes that is none.
run   check_mail_imap -H localhost -p @PORT@ -m -5
exit  3
out   IMAP UNKNOWN - **-m*
