# What is deleted is said by its number.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --dele=last
exit  3
out   POP3 UNKNOWN - usage: *
out+  *--dele: "last"*
