# And each is.
run   check_mail_imap -H localhost -p @PORT@ -A -e ready -e IMAP4rev1
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
