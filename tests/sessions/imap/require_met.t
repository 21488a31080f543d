# All of them are advertised.
run   check_mail_imap -H localhost -p @PORT@ --require=IMAP4rev1,AUTH=PLAIN
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
