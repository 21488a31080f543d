# The handshake is not answered.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -t 1
client-hello
silent
within 1.2
exit  2
out   POP3 CRITICAL - tls: timeout: *
