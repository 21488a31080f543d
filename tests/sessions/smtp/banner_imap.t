# IMAP on the port.
run   check_mail_smtp -H localhost -p @PORT@
S     * OK IMAP4rev1 ready
exit  2
out   SMTP CRITICAL - banner: protocol: *
