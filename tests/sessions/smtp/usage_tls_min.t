# A version that is none.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --tls-min=9.9
exit  3
out   SMTP UNKNOWN - *--tls-min*
