# Without TLS there is no channel to bind to, so PLUS alone is nothing in common.
file  pass
	hunter2secret
skip  tls: there it is
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256-PLUS
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: *
