# Neither does one further in.
run   check_mail_smtp -H mx.a.wild.test -I 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=inner-wildcard
exit  2
out   SMTP CRITICAL - tls: cert_name: *
