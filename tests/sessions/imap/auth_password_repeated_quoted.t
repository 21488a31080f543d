# The password has a quote in it: the form in which it was sent is as secret as the password.
file  pass
	hunter"2\secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=login -vv
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" "hunter\"2\\secret"
S     a1 NO no user probe with "hunter\"2\\secret" or hunter"2\secret
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
secret hunter"2\secret
secret hunter\"2\\secret
