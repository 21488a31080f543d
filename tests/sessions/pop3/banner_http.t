# Another protocol on the port.
run   check_mail_pop3 -H localhost -p @PORT@
S     HTTP/1.1 400 Bad Request
S     Connection: close
S
close
exit  2
out   POP3 CRITICAL - banner: protocol: *
