# IMAP on the port.
run   check_mail_pop3 -H localhost -p @PORT@
S     * OK mx.test IMAP4rev1
exit  2
out   POP3 CRITICAL - banner: protocol: *
