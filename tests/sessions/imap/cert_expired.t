# A certificate that will not do: expired.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=expired
exit  2
out   IMAP CRITICAL - tls: cert_expired: *
