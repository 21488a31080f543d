# An unset macro leaves an empty -s and an empty -q: neither is one.
run   check_mail_imap -H localhost -p @PORT@ -s '' -q ''
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
