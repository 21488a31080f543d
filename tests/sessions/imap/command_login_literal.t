# And as a literal.
run   check_mail_imap -H localhost -p @PORT@ -vv -E -s 'x1 LOGIN probe {13}\r\nhunter2secret'
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 LOGIN probe {13}
S     + go ahead
C     hunter2secret
S     x1 NO hunter2secret is wrong
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
secret hunter2secret
