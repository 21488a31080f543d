# Asking for old versions is no licence for weak certificates.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --tls-min=1.0
tls   cert=weak
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
