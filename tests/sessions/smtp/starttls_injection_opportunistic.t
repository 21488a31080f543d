# Nor where TLS is only welcome.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S+    220 go ahead\r\n250-mx.test\r\n250 AUTH PLAIN\r\n
exit  2
out   SMTP CRITICAL - starttls: starttls_injection: *
