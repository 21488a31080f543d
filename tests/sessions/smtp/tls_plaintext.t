# Implicit TLS on a port that speaks plaintext.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit
raw   220 mx.test ESMTP\r\n
client-hello
S     500 5.5.2 what?
close
exit  2
out   SMTP CRITICAL - tls: tls_error: *
