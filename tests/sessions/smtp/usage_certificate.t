# Days that are none.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit -D soon
exit  3
out   SMTP UNKNOWN - *-D*
