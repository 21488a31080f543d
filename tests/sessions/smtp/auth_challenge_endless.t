# A challenge longer than anything that could be one.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -t 5
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH CRAM-MD5
C     AUTH CRAM-MD5
S+    334 
endless QUJD
within 3
exit  2
out   SMTP CRITICAL - auth: protocol: *
