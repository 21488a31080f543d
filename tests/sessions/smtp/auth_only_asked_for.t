# --auth names one that is not offered; the others are not tried in its place.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN LOGIN
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_unavailable: *
