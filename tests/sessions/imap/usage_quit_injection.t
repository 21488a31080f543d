# Nor in the goodbye.
run   check_mail_imap -H localhost -p @PORT@ -q 'x LOGOUT@LF@y'
exit  3
out   IMAP UNKNOWN - **-q*
