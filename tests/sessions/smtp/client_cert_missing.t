# The server wants one and there is none: in TLS 1.3 that is told after the handshake.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   request-cert fails
exit  2
out   SMTP CRITICAL - *tls_error: *
