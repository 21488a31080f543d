# A form of output that is none.
run   check_mail_smtp -H localhost -p @PORT@ -o xml
exit  3
out   SMTP UNKNOWN - *-o*
