# A second greeting under TLS is a word among words.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
S     * OK [CAPABILITY IMAP4rev1] ready once more
S     * CAPABILITY IMAP4rev1
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
out   IMAP OK - *
