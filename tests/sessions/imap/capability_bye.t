# The server takes its leave in the middle of it, and says why.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     * BYE [UNAVAILABLE] going down
close
exit  2
out   IMAP CRITICAL - capability: closed: "*going down"*
