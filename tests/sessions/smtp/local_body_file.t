# A body that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --send --rcpt=a@mx.test --body-file=@DIR@/nosuch
exit  3
out   SMTP UNKNOWN - *--body-file*
