# The list names the certificate.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@CRL@
tls   cert=revoked
exit  2
out   SMTP CRITICAL - tls: cert_revoked: *
