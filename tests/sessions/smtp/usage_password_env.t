# A variable that is not set.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-env=NO_SUCH_VARIABLE
exit  3
out   SMTP UNKNOWN - *--password-env*
