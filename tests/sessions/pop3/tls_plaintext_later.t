# Plaintext inside TLS.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     +OK mx.test ready
C     CAPA
raw   +OK\r\n.\r\n
exit  2
out   POP3 CRITICAL - capa: tls_error: *
