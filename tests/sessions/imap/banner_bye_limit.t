# Too many connections.
run   check_mail_imap -H localhost -p @PORT@
S     * BYE [LIMIT] too many connections
close
exit  2
out   IMAP CRITICAL - banner: tempfail: "*too many connections"*
