# A CA file that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@DIR@/nosuch
exit  3
out   SMTP UNKNOWN - *--ca-file*
