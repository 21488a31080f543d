# STAT takes no argument.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --stat=1
exit  3
out   POP3 UNKNOWN - usage: *
