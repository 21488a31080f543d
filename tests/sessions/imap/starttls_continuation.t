# STARTTLS answered as if it went on.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     + go on
may   * LOGOUT
exit  2
out   IMAP CRITICAL - starttls: *
