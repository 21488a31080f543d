# --until stops politely after the phase.
run   check_mail_imap -H localhost -p @PORT@ --until=banner
S     * OK ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
