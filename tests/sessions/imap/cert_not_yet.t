# A certificate that will not do: not yet.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=not-yet
exit  2
out   IMAP CRITICAL - tls: cert_not_yet_valid: *
