# SMTP on the port.
run   check_mail_pop3 -H localhost -p @PORT@
S     220 mx.test ESMTP
exit  2
out   POP3 CRITICAL - banner: protocol: "220 mx.test ESMTP"*
