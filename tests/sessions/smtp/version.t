# The same for the version.
run   check_mail_smtp -V
exit  3
out   *check_mail_smtp*
