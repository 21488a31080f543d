# It begins tomorrow.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=not-yet
exit  2
out   SMTP CRITICAL - tls: cert_not_yet_valid: *
