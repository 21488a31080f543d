# An answer that is no TLS record.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
client-hello
S+    \x00\x01\x02\x03 this is no handshake at all \xff\xff\r\n
close
exit  2
out   SMTP CRITICAL - tls: tls_error: *
