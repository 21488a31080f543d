# Plaintext behind the STARTTLS reply must never be read as if it were protected.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S+    220 go ahead\r\n250 injected\r\n
exit  2
out   SMTP CRITICAL - starttls: starttls_injection: *
