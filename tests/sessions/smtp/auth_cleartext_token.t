# A token is as good as a password to whoever reads it.
address 192.0.2.1
listen 192.0.2.1 25
file  token
	ya29.secrettoken
skip  tls: there nothing is in clear
run   check_mail_smtp -H 192.0.2.1 -p 25 --tls=none -U probe --token-file=@DIR@/token
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH XOAUTH2 OAUTHBEARER
C     QUIT
S     221 2.0.0 bye
exit  3
out   SMTP UNKNOWN - auth: auth_cleartext: *
secret ya29.secrettoken
