# A certificate for clients.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=client-only
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
