# To a peer that proved who it is, it is.
address 192.0.2.1
listen 192.0.2.1 25
file  pass
	hunter2secret
run   check_mail_smtp -H 192.0.2.1 -p 25 --tls=opportunistic --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
secret hunter2secret
