# RFC 9525: the CN is no name.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=cn-only
exit  2
out   SMTP CRITICAL - tls: cert_name: *
