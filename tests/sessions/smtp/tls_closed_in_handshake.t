# The server hangs up on the ClientHello.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit
client-hello
close
exit  2
out   SMTP CRITICAL - tls: tls_error: *
