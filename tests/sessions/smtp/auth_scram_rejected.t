# The server finds the proof wrong.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=anotherone reject
S     535 5.7.8 no
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 no"*
secret hunter2secret
