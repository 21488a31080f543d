# SMTP on the port.
run   check_mail_imap -H localhost -p @PORT@
S     220 mx.test ESMTP
exit  2
out   IMAP CRITICAL - banner: protocol: *
