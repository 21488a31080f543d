# The handshake, and a goodbye under it.
run   check_mail_imap -H localhost -p @PORT@ --until=tls --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
