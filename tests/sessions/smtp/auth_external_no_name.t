# Without a name the response is empty, and an empty initial response is written "=".
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@ --auth=EXTERNAL
tls   request-cert
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH EXTERNAL
C     AUTH EXTERNAL =
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *EXTERNAL*
