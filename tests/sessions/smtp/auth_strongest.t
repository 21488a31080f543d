# Of what is offered, the strongest that the credentials permit.
file  pass
	hunter2secret
skip  tls: there the channel binding makes another the strongest
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS NTLM
scram-sha-256 user=probe password=hunter2secret gs2=n
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
