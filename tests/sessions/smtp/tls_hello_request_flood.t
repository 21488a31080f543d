# Records that carry nothing keep the TLS library reading by itself: the deadline holds there too.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -t 2
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
client-hello
endless \x16\x03\x03\x00\x04\x00\x00\x00\x00
within 2.2
exit  2
out   SMTP CRITICAL - tls: timeout: *
