# It is within them.
run   check_mail_imap -H localhost -p @PORT@ -m 10 -e '* OK'
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
