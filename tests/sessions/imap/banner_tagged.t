# A greeting has no tag.
run   check_mail_imap -H localhost -p @PORT@
S     a1 OK ready
exit  2
out   IMAP CRITICAL - banner: protocol: *
