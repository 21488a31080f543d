# A key that is no option.
file  mp.ini
	[probe]
	nosuch=25
run   check_mail_smtp -H localhost -p @PORT@ --extra-opts=probe@@DIR@/mp.ini
exit  3
out   SMTP UNKNOWN - *nosuch*
