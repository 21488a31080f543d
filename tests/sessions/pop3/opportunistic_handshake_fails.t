# Offered, and then it fails: an error.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
client-hello
S+    \x15\x03\x03\x00\x02\x02\x28
close
exit  2
out   POP3 CRITICAL - tls: tls_error: *
