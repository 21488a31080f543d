# The text is looked for in the answer to a line that was never said: the login is the matter.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -s 'x NOOP' -e pardon -M crit
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 NO no
may   * LOGOUT
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
