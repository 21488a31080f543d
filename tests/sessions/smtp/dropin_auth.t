# check_smtp -A LOGIN -U -P.
run   check_mail_smtp -H localhost -p @PORT@ -A LOGIN -U probe -P hunter2secret -S --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 AUTH LOGIN
C     AUTH LOGIN
S     334 {base64 Username:}
C     {base64 probe}
S     334 {base64 Password:}
C     {base64 hunter2secret}
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
secret hunter2secret
