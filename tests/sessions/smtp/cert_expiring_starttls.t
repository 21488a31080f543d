# -D after STARTTLS.
run   check_mail_smtp -H localhost -p @PORT@ -S --ca-file=@CA@ -D 20,5
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls   cert=expiring:10
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - tls: cert_expiring: *
