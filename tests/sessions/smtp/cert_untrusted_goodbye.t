# Refused, and still a guest: the greeting is heard and QUIT is said.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   cert=untrusted
delay 50
S     220 mx.test ESMTP
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
