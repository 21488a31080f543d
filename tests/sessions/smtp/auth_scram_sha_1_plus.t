# The older hash, bound to the channel.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-1-PLUS
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-1 SCRAM-SHA-1-PLUS
scram-sha-1-plus user=probe password=hunter2secret
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
