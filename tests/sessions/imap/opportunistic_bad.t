# BAD to STARTTLS is a no as well.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 BAD what
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
