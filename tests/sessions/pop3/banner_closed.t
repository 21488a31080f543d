# The connection ends where a reply is due.
run   check_mail_pop3 -H localhost -p @PORT@
close
exit  2
out   POP3 CRITICAL - banner: closed: *
