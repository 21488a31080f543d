# Required and not offered.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - starttls: starttls_missing: *
