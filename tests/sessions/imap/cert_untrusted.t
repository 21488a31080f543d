# A certificate that will not do: untrusted.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=untrusted
exit  2
out   IMAP CRITICAL - tls: cert_untrusted: *
