# The list of the revoked has it.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@CRL@
tls   cert=revoked
exit  2
out   POP3 CRITICAL - tls: cert_revoked: *
