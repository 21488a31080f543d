# With credentials TLS is required unless somebody says otherwise.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ -U probe --password-file=@DIR@/pass
skip  tls: the run says nothing of TLS, so the mode would change what is tested
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - starttls: starttls_missing: *
secret hunter2secret
