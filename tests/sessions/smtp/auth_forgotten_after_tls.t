# What was offered before TLS counts for nothing after it.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-STARTTLS
S     250 AUTH PLAIN
C     STARTTLS
S     220 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: *
