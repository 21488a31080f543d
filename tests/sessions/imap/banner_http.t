# HTTP on the port.
run   check_mail_imap -H localhost -p @PORT@
S     HTTP/1.1 400 Bad Request
S     Connection: close
S
close
exit  2
out   IMAP CRITICAL - banner: protocol: *
