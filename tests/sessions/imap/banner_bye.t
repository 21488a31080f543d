# The server takes its leave at once.
run   check_mail_imap -H localhost -p @PORT@
S     * BYE not for you
close
exit  2
out   IMAP CRITICAL - banner: rejected: "*not for you"*
