# Of several one suffices.
run   check_mail_imap -H localhost -p @PORT@ -e Dovecot -e Cyrus -e ready
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
