# A bad certificate is a fact there, but -D asks about its end.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -D 30,7
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     220 go ahead
tls   cert=expired
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - tls: cert_expired: *
