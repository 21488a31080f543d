# says: wanted an end within 0.3 s
run   check_mail_smtp -H localhost -p @PORT@ -t 10
within 0.3
silent
exit  2
