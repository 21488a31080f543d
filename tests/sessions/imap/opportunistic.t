# Offered and welcome.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.tls_version=TLSv1.3
