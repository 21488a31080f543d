# A password file that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/nosuch
exit  3
out   SMTP UNKNOWN - *--password-file*
