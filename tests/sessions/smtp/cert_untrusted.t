# Signed by somebody nobody knows.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=untrusted
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
