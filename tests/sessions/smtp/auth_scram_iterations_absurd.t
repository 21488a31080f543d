# A count that would keep us busy until the deadline and beyond.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256 -t 3
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=hunter2secret iterations=2000000000
C+    *\r\n
S     501 5.7.0 cancelled
C     QUIT
S     221 2.0.0 bye
within 2
exit  2
out   SMTP CRITICAL - auth: protocol: *
