# The connection is reset.
run   check_mail_imap -H localhost -p @PORT@
reset
exit  2
out   IMAP CRITICAL - banner: closed: *
