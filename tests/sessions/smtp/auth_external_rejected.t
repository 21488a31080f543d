# The server does not know this certificate.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@ --auth=EXTERNAL -U probe
tls   request-cert
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH EXTERNAL
C     AUTH EXTERNAL {base64 probe}
S     535 5.7.8 who?
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: "535 5.7.8 who?"*
