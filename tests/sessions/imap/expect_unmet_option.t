# --unexpected is its long name.
run   check_mail_imap -H localhost -p @PORT@ --expect=Dovecot --unexpected=critical
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - banner: unexpected: *
