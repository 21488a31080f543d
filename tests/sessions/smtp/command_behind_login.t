# Commands come behind the login.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -C NOOP -R 250
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     235 2.7.0 welcome
C     NOOP
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
