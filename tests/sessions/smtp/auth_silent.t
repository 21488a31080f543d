# The server stops talking; the deadline ends it, and names the step.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
silent
within 1.2
exit  2
out   SMTP CRITICAL - auth: timeout: *
secret hunter2secret
