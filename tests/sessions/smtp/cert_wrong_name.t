# It is somebody else's, whatever its CN says.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=wrong-name
exit  2
out   SMTP CRITICAL - tls: cert_name: *
