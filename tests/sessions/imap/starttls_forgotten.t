# A list sent before TLS, without being asked for, counts for nothing after it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S     a1 OK go
tls
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1 LOGINDISABLED
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  2
out   IMAP CRITICAL - auth: auth_unavailable: *
secret hunter2secret
