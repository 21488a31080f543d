# The connection ends within the handshake.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
client-hello
close
exit  2
out   POP3 CRITICAL - tls: tls_error: *
