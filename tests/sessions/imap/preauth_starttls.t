# TLS is required, and PREAUTH leaves no place for it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - starttls: starttls_missing: *
secret hunter2secret
