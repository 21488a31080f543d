# Neither a number nor the last.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --retr=first
exit  3
out   POP3 UNKNOWN - usage: *
out+  *--retr: "first"*
