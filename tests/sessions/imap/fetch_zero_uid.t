# A UID is never zero.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --fetch=0
exit  3
out   IMAP UNKNOWN - usage: *--fetch*
