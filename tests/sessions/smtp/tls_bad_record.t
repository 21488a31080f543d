# A record that does not decrypt, later on.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     220 mx.test
C     EHLO *
raw   \x17\x03\x03\x00\x20this is thirty-two bytes of junk
exit  2
out   SMTP CRITICAL - ehlo: tls_error: *
