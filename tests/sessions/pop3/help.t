# --help.
run   check_mail_pop3 --help
exit  3
out+  *--retr=N|last*
out+  *--dele=N*
out+  *apop*
