# A password in quotes.
run   check_mail_imap -H localhost -p @PORT@ -vv -s 'x1 LOGIN "probe" "hunter2 secret"'
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 LOGIN "probe" "hunter2 secret"
S     x1 NO hunter2 secret is wrong
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
secret hunter2 secret
