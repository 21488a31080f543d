# The same after STARTTLS.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls   cert=expired
exit  2
out   IMAP CRITICAL - tls: cert_expired: *
