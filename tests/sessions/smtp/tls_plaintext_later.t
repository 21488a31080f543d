# Plaintext inside TLS.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     220 mx.test
C     EHLO *
raw   250 mx.test\r\n
exit  2
out   SMTP CRITICAL - ehlo: tls_error: *
