# A password file that is not there.
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/nosuch
exit  3
out   IMAP UNKNOWN - *--password-file*
