# -E: two lines in one string, each with its answer.
run   check_mail_imap -H localhost -p @PORT@ -E -s 'x1 NOOP\r\nx2 NOOP\r\n' -e x2
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     x1 OK done
C     x2 NOOP
S     x2 OK done
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
