# The server itself says that it is.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   staple=revoked
exit  2
out   SMTP CRITICAL - tls: cert_revoked: *
