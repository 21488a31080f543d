# says: one connection more than the script has
run   check_mail_smtp -H localhost -p @PORT@
exit  2
