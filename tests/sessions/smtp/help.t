# The guidelines want exit 3.
run   check_mail_smtp --help
exit  3
out+  *--hostname*
out+  *--rcpt*
