# A star stands for one label, not for two.
run   check_mail_smtp -H a.mx.wild.test -I 127.0.0.1 -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=wildcard
exit  2
out   SMTP CRITICAL - tls: cert_name: *
