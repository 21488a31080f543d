# The certificate ended yesterday.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=expired
exit  2
out   SMTP CRITICAL - tls: cert_expired: *
