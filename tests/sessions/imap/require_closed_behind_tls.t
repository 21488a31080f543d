# The list behind TLS never came: what was missing from the one before it is not the matter.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass --require=AUTH=PLAIN
S     * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
C     a1 STARTTLS
S     a1 OK go
tls
C     a2 CAPABILITY
close
exit  2
out   IMAP CRITICAL - capability: closed: *
