# A certificate of names does not do for an address.
run   check_mail_smtp -H 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=wildcard
exit  2
out   SMTP CRITICAL - tls: cert_name: *
