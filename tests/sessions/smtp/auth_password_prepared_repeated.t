# SASLprep drops a soft hyphen: the server repeats the password in a form that nobody has typed.
file  pass raw
	ge\xc2\xadheim77\n
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=PLAIN -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0geheim77}
S     535-5.7.8 geheim77 is wrong
S     535 5.7.8 as is {base64 geheim77}
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: *
secret geheim77
