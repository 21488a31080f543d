# An empty line is no command.
maybe
run   check_mail_smtp -H localhost -p @PORT@ -C ''
eof
exit  3
out   SMTP UNKNOWN - usage: *--command*
