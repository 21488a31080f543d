# One is not: said where the list was.
run   check_mail_imap -H localhost -p @PORT@ --require=IMAP4rev1,CONDSTORE
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 AUTH=PLAIN
S     a1 OK done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  2
out   IMAP CRITICAL - capability: capability_missing: *CONDSTORE*
