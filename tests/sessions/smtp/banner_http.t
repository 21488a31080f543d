# Another protocol on the port.
run   check_mail_smtp -H localhost -p @PORT@
S     HTTP/1.1 400 Bad Request
S     Connection: close
S
close
exit  2
out   SMTP CRITICAL - banner: protocol: *
