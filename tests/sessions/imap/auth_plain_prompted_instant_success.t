# Success before we have said who we are.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN
S     a1 OK welcome
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret
