# A kind of TLS that is none.
run   check_mail_smtp -H localhost -p @PORT@ --tls=maybe
exit  3
out   SMTP UNKNOWN - *--tls*
