# -E and -q with its line end.
run   check_mail_imap -H localhost -p @PORT@ -E -q 'zz LOGOUT\r\n'
S     * OK [CAPABILITY IMAP4rev1] ready
C     zz LOGOUT
S     * BYE bye
S     zz OK done
exit  0
out   IMAP OK - *
