# The connection ends where an answer is due.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
close
exit  2
out   IMAP CRITICAL - capability: closed: *
