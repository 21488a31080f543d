# The CA is not in the machine's own store.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit
tls
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
