# A command, and not the next.
run   check_mail_imap -H localhost -p @PORT@ --until=command -s 'x1 NOOP' -s 'x2 NOOP'
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     x1 OK done
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
