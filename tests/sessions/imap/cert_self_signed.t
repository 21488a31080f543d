# A certificate that will not do: self signed.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=self-signed
exit  2
out   IMAP CRITICAL - tls: cert_untrusted: *
