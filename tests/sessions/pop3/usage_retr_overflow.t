# And not beyond all bounds.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --retr=4294967296
exit  3
out   POP3 UNKNOWN - usage: *
