# LOGIN in three commands: what answers a 334 is a secret, whatever it looks like.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -vv -C "AUTH LOGIN" -C {base64 probe} -C {base64 hunter2secret} -R 334 -R 334 -R 235
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH LOGIN
C     AUTH LOGIN
S     334 {base64 Username:}
C     {base64 probe}
S     334 {base64 Password:}
C     {base64 hunter2secret}
S     535 5.7.8 hunter2secret is wrong
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - command_3: unexpected: *
secret hunter2secret
