# With credentials TLS is required unless somebody says otherwise.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --ca-file=@CA@ -U probe --password-file=@DIR@/pass
skip  tls: the run says nothing of TLS, so the mode would change what is tested
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - starttls: starttls_missing: *
secret hunter2secret
