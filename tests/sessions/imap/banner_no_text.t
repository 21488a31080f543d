# Nothing behind OK.
run   check_mail_imap -H localhost -p @PORT@
S     * OK
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a1 OK
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
