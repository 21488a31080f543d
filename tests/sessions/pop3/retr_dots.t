# Doubled dots are undone before octets are counted.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     LIST 1
S     +OK 1 19
C     RETR 1
S     +OK
S+    ..\r\n...\r\n..x\r\n.. \r\nx.\r\n.\r\n
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
secret hunter2secret
