# QUIT is what deletes: another goodbye does not.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --dele=1 --quit=LOGOUT
exit  3
out   POP3 UNKNOWN - usage: *
out+  *--dele: *
