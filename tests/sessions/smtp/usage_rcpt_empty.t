# The null path is for senders (RFC 5321 section 4.1.1.3).
maybe
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt ''
eof
exit  3
out   SMTP UNKNOWN - usage: *--rcpt*
