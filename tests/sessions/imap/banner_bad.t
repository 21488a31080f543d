# Nor BAD.
run   check_mail_imap -H localhost -p @PORT@
S     * BAD what
exit  2
out   IMAP CRITICAL - banner: protocol: *
