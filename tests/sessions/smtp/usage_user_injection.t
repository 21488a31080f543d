# A NUL separates the parts of PLAIN; no option can carry one, but a file can.
file  pass raw
	hunter2\0secret\n
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
maybe
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     QUIT
S     221 2.0.0 bye
exit  3
out   SMTP UNKNOWN - *
