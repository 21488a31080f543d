# A state that is none.
run   check_mail_smtp -H localhost -p @PORT@ --tempfail=bad
exit  3
out   SMTP UNKNOWN - *--tempfail*
