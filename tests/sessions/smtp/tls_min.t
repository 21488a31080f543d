# --tls-min above what the server knows.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --tls-min=1.3
tls   version=1.2 fails
exit  2
out   SMTP CRITICAL - tls: tls_error: *
