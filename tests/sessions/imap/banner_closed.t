# The connection ends where a greeting is due.
run   check_mail_imap -H localhost -p @PORT@
close
exit  2
out   IMAP CRITICAL - banner: closed: *
