# Offered, and then it fails: an error, however little TLS was asked for.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
client-hello
S+    \x15\x03\x03\x00\x02\x02\x28
close
exit  2
out   SMTP CRITICAL - tls: tls_error: *
