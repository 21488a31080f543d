# Under -j the server's words are nowhere, in our own sentences neither.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -j
S     * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=SERVERWORDS] ready
may   * LOGOUT
exit  2
out   IMAP CRITICAL - auth: auth_unavailable: *
not   *SERVERWORDS*
