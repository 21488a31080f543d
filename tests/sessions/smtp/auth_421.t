# A server that goes away at AUTH is no wrong password.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     421 4.3.2 shutting down
close
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: "421 4.3.2 shutting down"*
secret hunter2secret
