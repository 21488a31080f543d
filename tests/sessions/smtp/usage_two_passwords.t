# Two sources for one password.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe -P hunter2secret --password-env=HOME
exit  3
out   SMTP UNKNOWN - *--password*
