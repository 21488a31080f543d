# The guidelines want exit 3.
run   check_mail_imap --help
exit  3
out+  *--hostname*
out+  *--examine*
out+  *--append*
