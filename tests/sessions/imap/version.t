# The same for the version.
run   check_mail_imap -V
exit  3
out   *check_mail_imap*
