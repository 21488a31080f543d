# The server does not want the literal.
file  pass
	grüßdich
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" {10}
S     a1 NO no such user
exit  2
out   IMAP CRITICAL - auth: auth_rejected: "*no such user"*
secret grüßdich
