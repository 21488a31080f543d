# The server cannot do it now.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     a1 NO [UNAVAILABLE] backend down
exit  2
out   IMAP CRITICAL - capability: tempfail: "*backend down"*
