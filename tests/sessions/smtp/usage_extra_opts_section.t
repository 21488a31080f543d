# A section that is not there.
file  mp.ini
	[other]
	port=25
run   check_mail_smtp -H localhost -p @PORT@ --extra-opts=probe@@DIR@/mp.ini
exit  3
out   SMTP UNKNOWN - *--extra-opts*
