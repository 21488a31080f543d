# One that this machine does not have.
run   check_mail_smtp -H 127.0.0.1 -p @PORT@ --source-address=192.0.2.77
exit  3
out   SMTP UNKNOWN - *--source-address*
