# A word alone is a tag and no command.
run   check_mail_imap -H localhost -p @PORT@ -s NOOP
S     * OK [CAPABILITY IMAP4rev1] ready
C     NOOP
S     * BAD what
S     NOOP BAD no command
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
