# Two of them, one after the other.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 NOOP' -s 'x2 CHECK'
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     x1 OK done
C     x2 CHECK
S     x2 BAD no mailbox
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
