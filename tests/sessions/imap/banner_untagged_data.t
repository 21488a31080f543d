# Data before the greeting.
run   check_mail_imap -H localhost -p @PORT@
S     * 3 EXISTS
exit  2
out   IMAP CRITICAL - banner: protocol: *
