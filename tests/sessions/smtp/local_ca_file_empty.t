# A CA file without a certificate in it.
file  ca.pem
	nothing here
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@DIR@/ca.pem
exit  3
out   SMTP UNKNOWN - *--ca-file*
