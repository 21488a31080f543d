# A key that does not belong to the certificate.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@CA@
exit  3
out   SMTP UNKNOWN - *--client-key*
