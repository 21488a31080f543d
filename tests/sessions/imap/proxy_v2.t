# The binary form.
run   check_mail_imap -H localhost -p @PORT@ --proxy-protocol=2
proxy2
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
