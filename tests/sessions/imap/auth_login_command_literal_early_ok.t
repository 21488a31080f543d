# Success travels with the leave to send the password: it was said before.
file  pass
	grüßdich
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login -t 2
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" {10}
S+    + go ahead\r\na1 OK welcome\r\n
silent
within 3
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret grüßdich
