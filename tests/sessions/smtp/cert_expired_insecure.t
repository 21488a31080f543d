# Not verified, and asked about all the same.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --insecure -D 30,7
tls   cert=untrusted-expired
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - tls: cert_expired: *
