# A certificate that does not verify: no password follows.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls   cert=wrong-name
exit  2
out   SMTP CRITICAL - tls: cert_name: *
secret hunter2secret
