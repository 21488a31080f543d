# The password is wrong.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" "hunter2secret"
S     a1 NO [AUTHENTICATIONFAILED] wrong
exit  2
out   IMAP CRITICAL - auth: auth_rejected: "*wrong"*
secret hunter2secret
