# At an address that is not loopback no password goes out in clear.
address 192.0.2.1
listen 192.0.2.1 25
file  pass
	hunter2secret
skip  tls: there nothing is in clear
run   check_mail_smtp -H 192.0.2.1 -p 25 --tls=none -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN LOGIN
C     QUIT
S     221 2.0.0 bye
exit  3
out   SMTP UNKNOWN - auth: auth_cleartext: *
secret hunter2secret
