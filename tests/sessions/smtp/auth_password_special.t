# A password of characters that mean something elsewhere.
file  pass
	p|a"ss\w<o>r&d %s ü
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0p|a"ss\\w<o>r&d %s ü}
S     535 5.7.8 p|a"ss\w<o>r&d %s ü is wrong
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: *
secret p|a"ss\w<o>r&d %s ü
