# The masking goes on after the login.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -f probe@mx.test --rcpt=sink@mx.test -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     235 2.7.0 welcome hunter2secret
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     550 5.7.1 hunter2secret is no recipient
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - rcpt: rejected: *
secret hunter2secret
