# The same message twice in a listing whose count and sum agree with STAT.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list
S     +OK ready
C     CAPA
S     +OK
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK in
C     STAT
S     +OK 2 200
C     LIST
S     +OK
S     1 100
S     1 100
S     .
may   QUIT
exit  2
out   POP3 CRITICAL - list: protocol: *
