# Two searches and one threshold: which of the two numbers would it be held against?
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=UNSEEN --search=DELETED -c matches=5
exit  3
out   IMAP UNKNOWN - usage: -c matches: *
