# A line without its equals sign: it is told where, and not what it says.
file  mp.ini
	[probe]
	hostname=localhost
	password geheim
run   check_mail_smtp --extra-opts=probe@@DIR@/mp.ini
exit  3
out   SMTP UNKNOWN - *mp.ini*
not   *geheim*
