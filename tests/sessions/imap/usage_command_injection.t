# A line end without -E.
run   check_mail_imap -H localhost -p @PORT@ -s 'x NOOP@LF@y'
exit  3
out   IMAP UNKNOWN - **-s*
