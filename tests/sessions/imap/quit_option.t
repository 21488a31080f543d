# -q in place of LOGOUT.
run   check_mail_imap -H localhost -p @PORT@ -q 'zz LOGOUT'
S     * OK [CAPABILITY IMAP4rev1] ready
C     zz LOGOUT
S     * BYE bye
S     zz OK done
exit  0
out   IMAP OK - *
