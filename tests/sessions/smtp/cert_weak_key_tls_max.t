# Nor is asking for nothing newer.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --tls-max=1.1
tls   cert=weak
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
