# A permanent refusal at this step is told with the words of the server.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     535 5.7.8 authentication failed
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 authentication failed"*
secret hunter2secret
