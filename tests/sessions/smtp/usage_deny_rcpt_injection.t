# A line end in the address that must be refused.
run   check_mail_smtp -H localhost -p @PORT@ --deny-rcpt=a@mx.test>@CR@@LF@DATA
exit  3
out   SMTP UNKNOWN - *--deny-rcpt*
