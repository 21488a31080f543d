# A literal announced at the end of the keys would swallow the command behind it.
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe -P hunter2secret --search='SUBJECT {30+}'
maybe
exit  3
out   IMAP UNKNOWN - usage: *
