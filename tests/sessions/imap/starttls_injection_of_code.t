# Capabilities within the answer itself are from before TLS: forgotten.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ --require=XFORGED
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK [CAPABILITY IMAP4rev1 XFORGED] go
tls
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  2
out   IMAP CRITICAL - capability: capability_missing: *XFORGED*
