# A folder is no certificate.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@DIR@ --client-key=@KEY@
exit  3
out   SMTP UNKNOWN - local: *--client-cert*not a regular file*
