# The same in JSON, transcript included.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json -v
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     535-5.7.8 wrong password hunter2secret for probe
S     535 5.7.8 you sent {base64 \0probe\0hunter2secret}
C     QUIT
S     221 2.0.0 bye
exit  2
json  cause=auth_rejected
secret hunter2secret
