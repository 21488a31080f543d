# Success where the password was still to come.
file  pass
	grüßdich
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" {10}
S     a1 OK welcome
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret grüßdich
