# Comma and equals sign have a meaning in SCRAM, and are escaped in a name.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U a,b=c --password-file=@DIR@/pass --auth=SCRAM-SHA-256
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=a=2Cb=3Dc password=hunter2secret
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
