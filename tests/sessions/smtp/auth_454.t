# The server cannot tell whether the password is right.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     454 4.7.0 database is away
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: "454 4.7.0 database is away"*
