# Stopping early is no reason not to look at what has been heard.
run   check_mail_imap -H localhost -p @PORT@ --until=banner --require=NOSUCH
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - banner: capability_missing: *NOSUCH*
