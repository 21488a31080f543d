# A list that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --crl-file=@DIR@/nosuch.pem
exit  3
out   SMTP UNKNOWN - *local: *
