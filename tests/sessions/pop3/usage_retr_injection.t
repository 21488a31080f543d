# A line end in it would be a command.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --retr="1@CR@@LF@DELE"
exit  3
out   POP3 UNKNOWN - usage: *
