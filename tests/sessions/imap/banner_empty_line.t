# An empty line is no greeting.
run   check_mail_imap -H localhost -p @PORT@
S
exit  2
out   IMAP CRITICAL - banner: protocol: *
