# A certificate that will not do: wrong name.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=wrong-name
exit  2
out   IMAP CRITICAL - tls: cert_name: *
