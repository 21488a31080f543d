# A certificate that does not verify: no password follows.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 OK go
tls   cert=wrong-name
exit  2
out   IMAP CRITICAL - tls: cert_name: *
secret hunter2secret
