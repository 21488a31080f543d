# An option of a later issue is not accepted and ignored.
run   check_mail_smtp -H localhost -p @PORT@ --dane
exit  3
out   SMTP UNKNOWN - *--dane*
