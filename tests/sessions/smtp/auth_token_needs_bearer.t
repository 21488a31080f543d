# A token is no password: PLAIN is not tried with it.
file  token
	ya29.secrettoken
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN LOGIN
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: *
secret ya29.secrettoken
