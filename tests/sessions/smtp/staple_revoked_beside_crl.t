# A list of the issuer of the server's certificate says nothing against it; the stapled response does.
middle
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@DIR@/middle.crl
tls   cert=chain staple=revoked
exit  2
out   SMTP CRITICAL - tls: cert_revoked: *stapled*
