# Success before the signature is no success.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=hunter2secret early-success
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_server: *
