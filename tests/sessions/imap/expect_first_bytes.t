# -m: only so much is looked at.
run   check_mail_imap -H localhost -p @PORT@ -m 10 -e ready
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - banner: unexpected: *
