# The same in the name to greet with.
run   check_mail_smtp -H localhost -p @PORT@ -F a@LF@RSET
exit  3
out   SMTP UNKNOWN - *-F*
