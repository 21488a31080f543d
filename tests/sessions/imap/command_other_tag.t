# Another tag completes nothing.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 NOOP'
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 NOOP
S     x2 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - command: protocol: *
