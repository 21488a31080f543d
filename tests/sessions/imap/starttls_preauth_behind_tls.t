# PREAUTH behind TLS is no greeting any more: nobody is logged in by it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
S     * PREAUTH welcome
S     * CAPABILITY IMAP4rev1
S     a2 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - capability: protocol: *
secret hunter2secret
