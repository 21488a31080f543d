# Bare LF line ends are tolerated.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --retr=1
S+    +OK mx.test\n
C     CAPA
S+    +OK\nUSER\n.\n
C     USER probe
S+    +OK\n
C     PASS hunter2secret
S+    +OK\n
C     LIST
S+    +OK\n1 6\n.\n
C     RETR 1
S+    +OK\nhello\n.\n
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
secret hunter2secret
