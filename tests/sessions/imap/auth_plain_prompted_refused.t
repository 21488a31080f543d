# Refused before anything secret was said.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN
S     a1 NO [PRIVACYREQUIRED] not here
exit  2
out   IMAP CRITICAL - auth: auth_rejected: "*not here"*
secret hunter2secret
