# A byte now and then recharges no deadline.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
drip  100
S     235 this reply takes a byte each tenth of a second to arrive
silent
within 1.2
exit  2
out   SMTP CRITICAL - auth: timeout: *
secret hunter2secret
