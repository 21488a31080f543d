# Bytes of a certificate are bytes of the peer as well.
skip  json: in JSON a bar is a character like any other
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -vv
tls   cert=hostile
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
not   *|evil*
