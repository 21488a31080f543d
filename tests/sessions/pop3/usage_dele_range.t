# By one.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --dele=1,2
exit  3
out   POP3 UNKNOWN - usage: *
