# The list of revoked certificates names it.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@CRL@
tls   cert=revoked
exit  2
out   IMAP CRITICAL - tls: cert_revoked: *
