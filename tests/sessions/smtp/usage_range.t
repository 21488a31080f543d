# A threshold that is no range.
run   check_mail_smtp -H localhost -p @PORT@ -w 5:1
exit  3
out   SMTP UNKNOWN - *-w*
