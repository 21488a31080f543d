# A password of a thousand characters, in pieces in the reply.
file  pass raw x1
	hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret\n
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S+    535-5.7.8 hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret\r\n535 5.7.8 no\r\n
C     QUIT
S     221 2.0.0 bye
exit  2
secret hunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secrethunter2secret
