# Messages are counted from 1.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --retr=0
exit  3
out   POP3 UNKNOWN - usage: *
