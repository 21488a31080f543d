# In TLS 1.2 within it.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   version=1.2 request-cert fails
exit  2
out   SMTP CRITICAL - tls: tls_error: *
