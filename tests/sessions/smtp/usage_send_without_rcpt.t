# A message to nobody.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test
exit  3
out   SMTP UNKNOWN - *--rcpt*
