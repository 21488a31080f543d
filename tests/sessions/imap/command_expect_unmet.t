# What is expected is not there.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 CAPABILITY' -e QUOTA
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 CAPABILITY
S     * CAPABILITY IMAP4rev1 IDLE
S     x1 OK done
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - *unexpected: *QUOTA*
