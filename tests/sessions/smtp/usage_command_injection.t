# A line end in a command: two commands, and one answer looked at.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP@CR@@LF@DATA
exit  3
out   SMTP UNKNOWN - *-C*
