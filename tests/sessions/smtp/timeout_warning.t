# -t with a state: the deadline passed is what the user says it is.
run   check_mail_smtp -H localhost -p @PORT@ -t 1:warning
silent
within 1.2
exit  1
out   SMTP WARNING - banner: timeout: *
