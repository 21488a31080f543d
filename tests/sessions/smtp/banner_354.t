# An intermediate reply where none has a place.
run   check_mail_smtp -H localhost -p @PORT@
S     354 go ahead
exit  2
out   SMTP CRITICAL - banner: protocol: *
