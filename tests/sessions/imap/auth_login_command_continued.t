# LOGIN is one line: nothing is left to be asked for.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" "hunter2secret"
S     + go on
may   * LOGOUT
exit  2
out   IMAP CRITICAL - auth: protocol: *
secret hunter2secret
