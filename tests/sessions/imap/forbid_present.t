# It is.
run   check_mail_imap -H localhost -p @PORT@ --forbid=AUTH=PLAIN
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - banner: capability_forbidden: *AUTH=PLAIN*
