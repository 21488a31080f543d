# The list in two lines: the whole of it counts or the last, but nothing breaks.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     * CAPABILITY IMAP4rev1 IDLE
S     a1 OK done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
