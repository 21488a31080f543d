# A server that knows TLS 1.0 and nothing later.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   version=1.0 fails
exit  2
out   SMTP CRITICAL - tls: tls_error: *
