# A state that is none.
run   check_mail_smtp -H localhost -p @PORT@ -t 5:bad
exit  3
out   SMTP UNKNOWN - *-t*
