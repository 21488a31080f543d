# Nor does --insecure make it one: under opportunistic TLS who listens chooses the peer.
address 192.0.2.1
listen 192.0.2.1 25
file  pass
	hunter2secret
run   check_mail_smtp -H 192.0.2.1 -p 25 --tls=opportunistic --insecure -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
tls   cert=untrusted
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN CRAM-MD5
C     QUIT
S     221 2.0.0 bye
exit  3
out   SMTP UNKNOWN - auth: auth_cleartext: *
secret hunter2secret
