# Nothing in common.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=NTLM AUTH=GSSAPI] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - auth: auth_unavailable: *
secret hunter2secret
