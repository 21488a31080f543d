# says: wanted from the client: a7 LOGOUT
run   check_mail_imap -H localhost -p @PORT@
S     * OK [CAPABILITY IMAP4rev1] ready
C     a7 LOGOUT
S     * BYE bye
S     a7 OK done
exit  0
