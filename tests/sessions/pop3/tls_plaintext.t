# No TLS where it should be.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
client-hello
raw   +OK mx.test\r\n
exit  2
out   POP3 CRITICAL - tls: tls_error: *
