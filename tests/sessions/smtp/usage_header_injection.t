# And in a header, which ends at its line end.
run   check_mail_smtp -H localhost -p @PORT@ --send --rcpt=a@mx.test --header=X:@LF@@LF@body
exit  3
out   SMTP UNKNOWN - *--header*
