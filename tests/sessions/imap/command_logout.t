# A goodbye of the user's own: ours is not said behind it.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 LOGOUT' -e BYE
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 LOGOUT
S     * BYE bye
S     x1 OK done
exit  0
out   IMAP OK - *
