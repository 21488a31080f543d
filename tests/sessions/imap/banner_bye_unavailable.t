# It says that it cannot now.
run   check_mail_imap -H localhost -p @PORT@
S     * BYE [UNAVAILABLE] backend down
close
exit  2
out   IMAP CRITICAL - banner: tempfail: "*backend down"*
