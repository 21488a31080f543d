# Extra blanks and tabs do not matter.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list
S+    +OK\tmx.test  \r\n
C     CAPA
S+    +OK  \r\n USER \r\nSASL\tFOO   BAR \r\n.\r\n
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     STAT
S+    +OK   2 \t 320  \r\n
C     LIST
S+    +OK\r\n 1  120 \r\n2\t200\r\n.\r\n
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
