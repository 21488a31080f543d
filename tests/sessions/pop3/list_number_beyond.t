# A message with the number 7 among two.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --retr=last
S     +OK ready
C     CAPA
S     +OK
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK in
C     LIST
S     +OK
S     1 100
S     7 100
S     .
may   *
exit  2
out   POP3 CRITICAL - list: protocol: *
