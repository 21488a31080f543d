# says: wanted a handshake that fails
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   fails
exit  2
