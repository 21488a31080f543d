# says: no such directive: says
run   check_mail_smtp -H localhost -p @PORT@
says  220 mx.test
exit  0
