# A list past its date says nothing: that is our own trouble.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@STALECRL@
maybe
tls
exit  3
out   SMTP UNKNOWN - *local: *
