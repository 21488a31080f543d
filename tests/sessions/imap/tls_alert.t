# The server ends the handshake with an alert, which is named.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit
client-hello
S+    \x15\x03\x03\x00\x02\x02\x28
close
exit  2
out   IMAP CRITICAL - tls: tls_error: *handshake*failure*
