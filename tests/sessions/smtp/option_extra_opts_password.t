# A password in such a file is in no process list at all.
file  mp.ini
	[check_mail_smtp]
	user=probe
	password=hunter2secret
	tls=none
run   check_mail_smtp -H localhost -p @PORT@ --extra-opts=@@DIR@/mp.ini -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     235 2.7.0 hunter2secret it is
C     QUIT
S     221 2.0.0 bye
exit  0
secret hunter2secret
