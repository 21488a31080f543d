# An RSA key of 1,024 bits.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=weak
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
