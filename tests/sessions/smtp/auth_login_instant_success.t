# Success before the name was asked for: whoever is let in, it is not the user.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=LOGIN
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH LOGIN
C     AUTH LOGIN
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: protocol: *
secret hunter2secret
