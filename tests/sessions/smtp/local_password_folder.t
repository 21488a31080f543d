# A folder is no password file.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@
exit  3
out   SMTP UNKNOWN - *--password-file*
