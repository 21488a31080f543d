# Offered and refused: in clear.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 NO not now
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
json  facts.starttls_error=*not now*
