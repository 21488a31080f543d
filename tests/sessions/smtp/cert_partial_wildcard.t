# A star that is part of a label stands for nothing.
run   check_mail_smtp -H mx.wild.test -I 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=partial-wildcard
exit  2
out   SMTP CRITICAL - tls: cert_name: *
