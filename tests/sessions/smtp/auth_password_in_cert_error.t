# Or into the words of a late refusal, in metrics.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o openmetrics
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     535 5.7.8 hunter2secret {base64 hunter2secret}
C     QUIT
S     221 2.0.0 bye
exit  2
secret hunter2secret
