# A threshold on something that is not measured.
run   check_mail_smtp -H localhost -p @PORT@ -c nosuch=1
exit  3
out   SMTP UNKNOWN - *-c*
