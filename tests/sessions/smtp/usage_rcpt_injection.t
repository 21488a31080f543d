# A line end in an address would be a command of its own.
run   check_mail_smtp -H localhost -p @PORT@ --rcpt=a@mx.test>@CR@@LF@DATA
exit  3
out   SMTP UNKNOWN - *--rcpt*
