# The commonest mistake of all: the intermediate certificate is not sent.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=chain-cut
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
