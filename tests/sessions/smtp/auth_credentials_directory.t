# systemd hands a service its secrets in a folder.
env   CREDENTIALS_DIRECTORY=@DIR@
file  smtp.pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=smtp.pass
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
secret hunter2secret
