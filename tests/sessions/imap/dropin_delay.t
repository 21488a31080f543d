# -d has nothing to wait for here: answers are awaited.
run   check_mail_imap -H localhost -p @PORT@ -d 5 -s 'x1 NOOP' -e OK
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     x1 OK done
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
within 2
exit  0
out   IMAP OK - *
