# A challenge is one line (RFC 4954).
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -t 2
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH CRAM-MD5
C     AUTH CRAM-MD5
S     334-{base64 one}
S     334 {base64 two}
silent
exit  2
out   SMTP CRITICAL - auth: protocol: *
