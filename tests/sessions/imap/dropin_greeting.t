# check_imap as it is called by default.
run   check_mail_imap -H localhost -p @PORT@ -e '* OK' -w 3 -c 5 -t 10
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
