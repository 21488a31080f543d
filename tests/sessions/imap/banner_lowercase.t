# Words have no letter case.
run   check_mail_imap -H localhost -p @PORT@
S     * ok [capability imap4rev1 idle] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
