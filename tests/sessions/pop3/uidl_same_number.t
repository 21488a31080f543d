# One message twice.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl
S     +OK ready
C     CAPA
S     +OK
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK in
C     UIDL
S     +OK
S     1 a
S     1 b
S     .
may   QUIT
exit  2
out   POP3 CRITICAL - uidl: protocol: *
