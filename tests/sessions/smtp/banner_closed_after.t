# The greeting comes and then the end.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
close
silent
exit  2
out   SMTP CRITICAL - ehlo: closed: *
