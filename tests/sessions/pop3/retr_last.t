# The last is the one with the highest number, which STAT tells.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=last
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
C     STAT
S     +OK 2 320
C     LIST 2
S     +OK 2 26
C     RETR 2
S     +OK 26 octets
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - message retrieved in *
out+  *time_stat=0*time_list=0*time_retr=0*messages=2*message_size=26B*
secret hunter2secret
