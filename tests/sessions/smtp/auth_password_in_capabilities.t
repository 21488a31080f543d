# A server that knows the password before it is told puts it into its banner and its capabilities.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json -v
S     220 mx.test hunter2secret
C     EHLO *
S     250-mx.test
S     250-X-{base64 xhunter2secret}
S     250 AUTH PLAIN
C     AUTH PLAIN *
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  0
secret hunter2secret
