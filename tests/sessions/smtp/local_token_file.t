# A token file that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --token-file=@DIR@/nosuch
exit  3
out   SMTP UNKNOWN - *--token-file*
