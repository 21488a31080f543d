# The word that begins TLS: nothing may follow it but TLS.
run   check_mail_imap -H localhost -p @PORT@ --until=starttls --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
eof
exit  0
