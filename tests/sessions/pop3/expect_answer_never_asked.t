# The text is looked for in the answer to a line that was never said: the login is the matter.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -s NOOP -e pardon -M crit
S     +OK ready
C     CAPA
S     +OK
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     -ERR no
may   QUIT
exit  2
out   POP3 CRITICAL - auth: auth_rejected: *
