# A version of the header that is none.
run   check_mail_smtp -H localhost -p @PORT@ --proxy-protocol=3
exit  3
out   SMTP UNKNOWN - *--proxy-protocol*
