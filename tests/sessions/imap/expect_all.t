# With -A each has to be there.
run   check_mail_imap -H localhost -p @PORT@ -A -e ready -e Cyrus
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - banner: unexpected: *Cyrus*
