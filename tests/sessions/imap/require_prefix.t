# IDLE is not in IDLENESS.
run   check_mail_imap -H localhost -p @PORT@ --require=IDLE
S     * OK [CAPABILITY IMAP4rev1 IDLENESS] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - banner: capability_missing: *IDLE*
