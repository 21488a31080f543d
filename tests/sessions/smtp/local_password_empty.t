# A password file with nothing in it.
file  pass raw
	
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
exit  3
out   SMTP UNKNOWN - *--password-file*
