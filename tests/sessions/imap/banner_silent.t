# Nothing is said.
run   check_mail_imap -H localhost -p @PORT@ -t 1
silent
within 1.2
exit  2
out   IMAP CRITICAL - banner: timeout: *
