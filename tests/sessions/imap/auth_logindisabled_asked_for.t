# Not even where somebody asks for it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login
S     * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - auth: auth_unavailable: *
secret hunter2secret
