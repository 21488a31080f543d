# Nor their ways to log in.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -U probe --password-file=@DIR@/pass --auth=CRAM-MD5,digest
exit  3
out   POP3 UNKNOWN - usage: *
