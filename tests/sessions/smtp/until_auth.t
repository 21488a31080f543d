# The login, and no mail.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --until=auth --tls=none -U probe --password-file=@DIR@/pass -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
